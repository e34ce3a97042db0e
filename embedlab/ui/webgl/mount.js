// Asks for the map on this place of the page, now if its program and its arrays are here, and whenever some have come.
export default function (component) {
  const place = component.parentElement;
  window.removeEventListener("embedlab-arrays", place.onArrays);
  place.onArrays = () => window.embedlabMaps?.update(component);
  window.addEventListener("embedlab-arrays", place.onArrays);
  place.onArrays();
  return () => { window.removeEventListener("embedlab-arrays", place.onArrays); window.embedlabMaps?.end(place); };
}
