// <script src="https://HOUSE/chat/widget.js" data-lang="zh-CN" data-customer-token="…" async></script>
// Puts a button on the page, and the chat into a frame of the house: this page's scripts cannot read it.
(() => {
  const script = document.currentScript;
  const house = new URL('.', script.src);
  const lang = script.dataset.lang ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
  const frame = document.createElement('iframe');
  frame.src = new URL(`./?frame=1&lang=${encodeURIComponent(lang)}`, house).href;
  frame.title = lang === 'en' ? 'Chat' : '在线客服';
  frame.allow = 'clipboard-write';
  Object.assign(frame.style, { position: 'fixed', right: '16px', bottom: '84px', width: 'min(380px, calc(100vw - 32px))', height: 'min(600px, calc(100vh - 110px))', border: '0', borderRadius: '12px', boxShadow: '0 8px 32px rgba(0,0,0,.25)', zIndex: '2147483000', display: 'none' });
  const button = document.createElement('button');
  button.type = 'button';
  const [name, fresh] = lang === 'en' ? ['Chat', (n) => (n === 1 ? '1 new message' : `${n} new messages`)] : ['在线客服', (n) => `${n} 条新消息`];
  button.textContent = name;
  button.setAttribute('aria-expanded', 'false');
  // Read out by screen readers while the chat is closed, and not seen.
  const heard = document.createElement('span');
  heard.setAttribute('role', 'status');
  heard.setAttribute('aria-live', 'polite');
  Object.assign(heard.style, { position: 'fixed', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' });
  const unread = (count) => {
    button.textContent = count > 0 ? `${name} (${count})` : name;
    if (count > 0) button.setAttribute('aria-label', `${name}, ${fresh(count)}`);
    else button.removeAttribute('aria-label');
    heard.textContent = count > 0 ? fresh(count) : '';
  };
  Object.assign(button.style, { position: 'fixed', right: '16px', bottom: '16px', padding: '14px 20px', border: '0', borderRadius: '28px', background: '#14532d', color: '#fff', font: '600 15px system-ui, sans-serif', cursor: 'pointer', zIndex: '2147483000' });
  const show = (open) => {
    frame.style.display = open ? 'block' : 'none';
    button.setAttribute('aria-expanded', String(open));
    tell({ type: 'strowger:open', open });
  };
  const tell = (message) => frame.contentWindow?.postMessage(message, house.origin);
  const page = () => tell({ type: 'strowger:page', url: location.href.slice(0, 1_000), title: document.title.slice(0, 300) });
  button.onclick = () => show(frame.style.display === 'none');
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== house.origin) return;
    if (data?.type === 'strowger:ready') {
      tell({ type: 'strowger:who', customerToken: script.dataset.customerToken });
      tell({ type: 'strowger:open', open: frame.style.display !== 'none' });
      page();
    }
    if (data?.type === 'strowger:invitation') show(true);
    if (data?.type === 'strowger:unread' && Number.isInteger(data.count)) unread(data.count);
  });
  addEventListener('popstate', page);
  const ready = () => document.body.append(frame, button, heard);
  if (document.body) ready();
  else addEventListener('DOMContentLoaded', ready);
})();
