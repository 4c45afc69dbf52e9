/* Loads files, proves each by its sha256, and keeps the bytes, so that a restart asks for nothing again. */

const kept = new Map(); // bytes by sha256

/* The contents of `files` ({name: {address, sha256, size}}, with addresses as seen from `base`) by their names.
   onProgress is told how many bytes of how many are there. Throws an Error that names what could not be had. */
export async function load(files, base, onProgress, signal) {
  const missing = Object.values(files).filter(({ sha256 }) => !kept.has(sha256));
  const total = missing.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const count = (bytes) => onProgress((loaded += bytes), total);
  await Promise.all(missing.map(async (file) => kept.set(file.sha256, await proven(file, base, count, signal))));
  return Object.fromEntries(Object.entries(files).map(([name, { sha256 }]) => [name, kept.get(sha256)]));
}

async function proven({ address, sha256 }, base, count, signal) {
  const url = new URL(address, base);
  const bytes = await received(url, count, signal);
  if (!crypto.subtle) throw new Error("Python needs a page that comes over https");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== sha256) throw new Error(`${url} is not the file that this site was built for`);
  return bytes;
}

async function received(url, count, signal) {
  const chunks = [];
  try {
    const answer = await fetch(url, { credentials: "omit", signal });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      count(value.length);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${url} could not be loaded (${error.message})`);
  }
  return new Blob(chunks).arrayBuffer();
}
