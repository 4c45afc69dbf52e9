/* What the frame does: it starts the worker that it is sent, and hands it the port. (From a frame without an origin,
   Chromium starts a module from a data: address, and none from a blob: address.) */

onmessage = ({ data, ports: [port] }) => {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(data)}`, { type: "module" });
  worker.onerror = ({ message }) => port.postMessage({ error: message ?? "the browser starts no worker" });
  worker.postMessage(null, [port]);
};
