// The frame that all pages share: icon, header with navigation, footer. A classic script in the head, so that both elements are filled
// while the page is parsed and nothing moves after the first paint.

(() => {
  const PAGES = [
    ['/', 'Call'], ['/flows.html', 'Flows'], ['/tests.html', 'Tests'], ['/load.html', 'Load'],
    ['/voices.html', 'Voices'], ['/usage.html', 'Usage'], ['/keys.html', 'Keys'],
  ];
  const ICON = '/favicon.svg';
  const path = location.pathname === '/index.html' ? '/' : location.pathname;

  const link = ([href, title]) => `<a href="${href}"${href === path ? ' aria-current="page"' : ''}>${title}</a>`;
  const HEADER = `
    <header class="page-header">
      <img src="${ICON}" alt="" width="30" height="30">
      <h1>VoiceForge</h1>
      <p class="tagline">Real-time voice call simulator</p>
      <nav class="pages" aria-label="Pages">${PAGES.map(link).join('')}</nav>
      <p class="readiness" id="readiness" role="status">Connecting to the server</p>
    </header>`;
  const FOOTER = `
    <footer class="page-footer">
      <a href="/metrics">Metrics</a>
      <span id="version"></span>
    </footer>`;

  for (const [name, html] of [['page-header', HEADER], ['page-footer', FOOTER]]) {
    customElements.define(name, class extends HTMLElement {
      connectedCallback() {
        this.innerHTML = html;
      }
    });
  }
  document.head.insertAdjacentHTML('beforeend', `<link rel="icon" href="${ICON}" type="image/svg+xml">`);
})();
