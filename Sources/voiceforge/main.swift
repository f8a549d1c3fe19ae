print("voiceforge")
