// Looks at the page as it is drawn and returns what keeps people from reading or reaching it.
const problems = [];
const seen = (element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1;
};
const channels = (colour) => {
  const parts = colour.match(/[\d.]+/g).map(Number);
  return {rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1};
};
const over = (front, back) => front.rgb.map((c, i) => c * front.alpha + back[i] * (1 - front.alpha));
const background = (element) => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) layers.unshift(channels(getComputedStyle(e).backgroundColor));
  return layers.reduce((back, layer) => over(layer, back), [255, 255, 255]);
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

let texts = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || ["SCRIPT", "NOSCRIPT"].includes(element.tagName) || !seen(element)) continue;
  texts++;
  const back = background(element);
  const ratio = contrast(over(channels(getComputedStyle(element).color), back), back);
  if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(2)} of "${node.data.trim().slice(0, 40)}"`);
}
if (texts < 3) problems.push(`only ${texts} texts are seen`);

const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => problems.push(`the id ${id} stands twice`));
for (const name of ["aria-labelledby", "aria-describedby"]) {
  document.querySelectorAll(`[${name}]`).forEach((e) => {
    if (!document.getElementById(e.getAttribute(name))) problems.push(`${name}=${e.getAttribute(name)} names nothing`);
  });
}
document.querySelectorAll("a, button, summary").forEach((e) => {
  if (!e.textContent.trim() && !e.getAttribute("aria-label")) problems.push(`a ${e.tagName} without a name`);
});
document.querySelectorAll("input").forEach((e) => {
  if (seen(e) && !document.querySelector(`label[for="${e.id}"]`)) problems.push(`the field ${e.id} has no label`);
});
document.querySelectorAll("[role=meter], [role=region]").forEach((e) => {
  if (!e.getAttribute("aria-label")) problems.push(`a ${e.tagName} without a name`);
});
if (!document.documentElement.lang) problems.push("the document has no language");
if (document.querySelectorAll("h1").length !== 1) problems.push("the document has not one title");
if (!document.querySelector("main")) problems.push("the document has no main part");
let level = 0;
document.querySelectorAll("h1, h2, h3").forEach((e) => {
  const own = Number(e.tagName[1]);
  if (own > level + 1) problems.push(`the heading "${e.textContent}" leaves a level out`);
  level = own;
});
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) problems.push(`${root.scrollWidth} px wide on a screen of ${root.clientWidth} px`);
return problems;
