// Keeps what is sent once, under its name: a line of JSON that says what it is, and the bytes behind it.
export default function ({ data }) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const end = bytes.indexOf(10);
  const { name, ...about } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const kept = (window.embedlabArrays ??= new Map());
  kept.delete(name);
  kept.set(name, { about, bytes: bytes.slice(end + 1) });
  // A map left behind on another page needs its arrays no longer.
  while (kept.size > 16) kept.delete(kept.keys().next().value);
  window.dispatchEvent(new Event("embedlab-arrays"));
}
