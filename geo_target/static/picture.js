/* A picture of the map as it is seen, with all that makes it readable alone: drawn on a canvas of
   this page, asked of nobody. With accounts it is written down first, and gets its code there. */
(function () {
  "use strict";
  const SCALE = 2;
  const MARGIN = 16;
  const ICON = "M10 3v9M6 8.5l4 4 4-4M4 16.5h12";
  const UNSEEN = /^(rgba\(0, 0, 0, 0\)|transparent|none)$/;
  const PATTERNS = { withheld: "pattern-withheld", stale: "pattern-stale" };
  const words = document.getElementById("picture");
  if (!words) { return; }
  const region = document.getElementById("map-region");
  const host = document.getElementById("map_overview");
  let ink = null;    // the canvas's context
  let frame = null;  // where on the screen the picture of the map begins

  /* ------------------------------------------------ colors and lines */

  function isSeen(element, style) {
    return style.display !== "none" && style.visibility !== "hidden" && !element.classList.contains("unseen");
  }

  /* A pattern of the page as one of the canvas. */
  function patternOf(id) {
    const drawn = document.getElementById(id);
    const tile = document.createElement("canvas");
    const side = drawn.width.baseVal.value;
    tile.width = tile.height = side * SCALE;
    const brush = tile.getContext("2d");
    brush.scale(SCALE, SCALE);
    drawn.querySelectorAll("rect").forEach(function (rect) {
      brush.fillStyle = rect.getAttribute("fill");
      brush.globalAlpha = Number(rect.getAttribute("fill-opacity") || 1);
      brush.fillRect(0, 0, rect.width.baseVal.value, rect.height.baseVal.value);
    });
    const made = ink.createPattern(tile, "repeat");
    const turn = drawn.patternTransform.baseVal.consolidate();
    made.setTransform(new DOMMatrix().rotate(turn ? turn.angle || Math.atan2(turn.matrix.b, turn.matrix.a) * 180 / Math.PI : 0).scale(1 / SCALE));
    return made;
  }

  function paintOf(value) {
    const named = /url\("?#([\w-]+)"?\)/.exec(value);
    return named ? patternOf(named[1]) : value;
  }

  function drawPath(path) {
    const style = getComputedStyle(path);
    const outline = path.getAttribute("d");
    if (!outline || outline === "M0 0" || !isSeen(path, style)) { return; }
    const shape = new Path2D(outline);
    const turn = path.transform.baseVal.consolidate();
    ink.save();
    if (turn) { ink.transform(turn.matrix.a, turn.matrix.b, turn.matrix.c, turn.matrix.d, turn.matrix.e, turn.matrix.f); }
    function fill() {
      if (UNSEEN.test(style.fill)) { return; }
      ink.globalAlpha = Number(style.opacity) * Number(style.fillOpacity);
      ink.fillStyle = paintOf(style.fill);
      ink.fill(shape, style.fillRule);
    }
    function stroke() {
      if (UNSEEN.test(style.stroke)) { return; }
      ink.globalAlpha = Number(style.opacity) * Number(style.strokeOpacity);
      ink.strokeStyle = style.stroke;
      ink.lineWidth = parseFloat(style.strokeWidth);
      ink.lineCap = style.strokeLinecap;
      ink.lineJoin = style.strokeLinejoin;
      ink.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(parseFloat));
      ink.stroke(shape);
    }
    (style.paintOrder.startsWith("stroke") ? [stroke, fill] : [fill, stroke]).forEach(function (act) { act(); });
    ink.restore();
  }

  function drawSvg(svg) {
    const box = svg.getBoundingClientRect();
    const view = svg.viewBox.baseVal;
    if (!box.width || !view.width) { return; }
    ink.save();
    ink.translate(box.left - frame.left, box.top - frame.top);
    ink.scale(box.width / view.width, box.height / view.height);
    ink.translate(-view.x, -view.y);
    svg.querySelectorAll("path").forEach(drawPath);
    ink.restore();
  }

  /* ------------------------------------------------ boxes and words */

  function drawBox(element, style) {
    const box = element.getBoundingClientRect();
    const [left, top] = [box.left - frame.left, box.top - frame.top];
    const hatch = style.backgroundImage === "none" ? null : Object.keys(PATTERNS).find(function (name) { return element.classList.contains(name); });
    if (hatch || !UNSEEN.test(style.backgroundColor)) {
      ink.fillStyle = hatch ? patternOf(PATTERNS[hatch]) : style.backgroundColor;
      ink.beginPath();
      ink.roundRect(left, top, box.width, box.height, Math.min(parseFloat(style.borderTopLeftRadius) || 0, box.height / 2));
      ink.fill();
    }
    const sides = { Top: [0, 0, 1, 0], Bottom: [0, 1, 1, 1], Left: [0, 0, 0, 1], Right: [1, 0, 1, 1] };
    const round = parseFloat(style.borderTopLeftRadius) > 0 && parseFloat(style.borderLeftWidth) > 0;
    Object.entries(sides).forEach(function ([side, [x, y, toX, toY]]) {
      const width = parseFloat(style[`border${side}Width`]);
      const kind = style[`border${side}Style`];
      if (!width || kind === "none") { return; }
      ink.strokeStyle = style[`border${side}Color`];
      ink.lineWidth = width;
      ink.setLineDash(kind === "dotted" ? [width, width] : kind === "dashed" ? [2 * width, 2 * width] : []);
      ink.beginPath();
      if (round) {
        if (side !== "Top") { return; }  // once around
        ink.roundRect(left + width / 2, top + width / 2, box.width - width, box.height - width, Math.min(parseFloat(style.borderTopLeftRadius), box.height / 2));
      } else {
        const inset = width / 2;
        ink.moveTo(left + (x ? box.width - inset : inset * (1 - Math.abs(toX - x))), top + (y ? box.height - inset : inset * (1 - Math.abs(toY - y))));
        ink.lineTo(left + (toX ? box.width - inset * (x === toX) : inset), top + (toY ? box.height - inset * (y === toY) : inset));
      }
      ink.stroke();
      ink.setLineDash([]);
    });
  }

  function fontOf(style) {
    return `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  }

  /* Word for word where the page has it, so that lines break alike. */
  function drawText(node, style) {
    const range = document.createRange();
    ink.font = fontOf(style);
    ink.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
    const halo = parseFloat(style.webkitTextStrokeWidth) || 0;
    for (const found of node.textContent.matchAll(/[^ \n\t]+/g)) {
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const box = range.getBoundingClientRect();
      if (!box.width) { continue; }
      const text = style.textTransform === "uppercase" ? found[0].toLocaleUpperCase() : found[0];
      const [x, y] = [box.left - frame.left, box.top - frame.top + ink.measureText(text).fontBoundingBoxAscent];
      if (halo) {
        ink.lineWidth = halo;
        ink.lineJoin = "round";
        ink.strokeStyle = style.webkitTextStrokeColor;
        ink.strokeText(text, x, y);
      }
      ink.fillStyle = style.color;
      ink.fillText(text, x, y);
    }
    ink.letterSpacing = "0px";
  }

  function drawElement(element) {
    const style = getComputedStyle(element);
    const isOff = element.matches("tr:has(input:not(:checked))");  // what a legend offers and the map does not show
    if (isOff || !isSeen(element, style)) { return; }
    if (element instanceof SVGSVGElement) { drawSvg(element); return; }
    drawBox(element, style);
    element.childNodes.forEach(function (node) {
      if (node.nodeType === Node.ELEMENT_NODE) { drawElement(node); }
      if (node.nodeType === Node.TEXT_NODE) { drawText(node, style); }
    });
  }

  /* ------------------------------------------------ the map, and what stands about it */

  function drawMap(box) {
    ink.save();
    ink.beginPath();
    ink.rect(0, 0, box.width, box.height);
    ink.clip();
    ink.fillStyle = getComputedStyle(host).backgroundColor;
    const own = host.getBoundingClientRect();
    ink.fillRect(own.left - frame.left, own.top - frame.top, own.width, own.height);
    ink.save();
    ink.beginPath();
    ink.rect(own.left - frame.left, own.top - frame.top, own.width, own.height);
    ink.clip();
    host.querySelectorAll(".leaflet-tile-pane img.leaflet-tile-loaded").forEach(function (tile) {
      const place = tile.getBoundingClientRect();
      if (tile.naturalWidth) { ink.drawImage(tile, place.left - frame.left, place.top - frame.top, place.width, place.height); }
    });
    Array.from(host.querySelectorAll(".leaflet-map-pane > .leaflet-pane"))
      .filter(function (pane) { return getComputedStyle(pane).display !== "none"; })
      .sort(function (one, other) { return getComputedStyle(one).zIndex - getComputedStyle(other).zIndex; })
      .forEach(function (pane) {
        pane.querySelectorAll(":scope > svg").forEach(drawSvg);
        pane.querySelectorAll(":scope > .label").forEach(drawElement);
      });
    host.querySelectorAll(".leaflet-control-scale-line").forEach(drawElement);
    ink.restore();
    region.querySelectorAll(":scope > #legends, :scope > .stamp").forEach(drawElement);
    ink.restore();
  }

  function linesOf(text, font, width) {
    ink.font = font;
    const lines = [];
    text.split(/[ \n\t]+/).filter(Boolean).forEach(function (word) {
      const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
      if (lines.length && ink.measureText(longer).width <= width) { lines[lines.length - 1] = longer; } else { lines.push(word); }
    });
    return lines;
  }

  /* Headline and basis above, whence it is beneath: each as lines of a size. */
  function paragraphs(facts, width) {
    const family = getComputedStyle(document.body).fontFamily;
    const basis = Array.from(document.querySelectorAll("main .basis > span[data-unit], main .basis > span[data-date], main .basis > span[data-definition]"), function (span) { return span.textContent.trim(); });
    function made(text, weight, size, color) {
      return { lines: linesOf(text, `${weight} ${size}px ${family}`, width), font: `${weight} ${size}px ${family}`, step: size * 1.4, color };
    }
    const shown = Array.from(document.querySelectorAll("main h1")).find(function (title) { return title.getClientRects().length; });
    return {
      head: [made(shown ? shown.textContent : document.title, 600, 20, "#17232e"), made(basis.join(" "), 400, 13, "#47555f")],
      foot: [made(facts.join("  ·  "), 400, 12, "#17232e")],
    };
  }

  function heightOf(parts) {
    return parts.reduce(function (sum, part) { return sum + part.lines.length * part.step + 4; }, 0);
  }

  function write(parts, top) {
    parts.forEach(function (part) {
      ink.font = part.font;
      ink.fillStyle = part.color;
      part.lines.forEach(function (line) {
        ink.fillText(line, MARGIN, top + part.step * 0.75);
        top += part.step;
      });
      top += 4;
    });
  }

  function drawn(facts) {
    const box = region.getBoundingClientRect();
    const canvas = document.createElement("canvas");
    ink = canvas.getContext("2d");
    frame = box;
    const { head, foot } = paragraphs(facts, box.width);
    const above = MARGIN + heightOf(head) + 8;
    const height = above + box.height + 12 + heightOf(foot) + MARGIN;
    canvas.width = Math.round((box.width + 2 * MARGIN) * SCALE);
    canvas.height = Math.round(height * SCALE);
    ink.scale(SCALE, SCALE);
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, box.width + 2 * MARGIN, height);
    write(head, MARGIN);
    ink.save();
    ink.translate(MARGIN, above);
    drawMap(box);
    ink.restore();
    write(foot, above + box.height + 12);
    return canvas;
  }

  /* ------------------------------------------------ saving */

  /* Of a file that was carried away its own code and words; else those that the service wrote down. */
  function told() {
    const carried = document.querySelector("[data-picture-code]");
    if (carried) {
      const facts = Array.from(carried.querySelectorAll("span"), function (span) { return span.textContent; });
      return Promise.resolve({ code: carried.dataset.pictureCode, facts });
    }
    function asked(address, options) {
      return fetch(address, options).then(function (reply) {
        if (!reply.ok) { throw new Error(String(reply.status)); }
        return reply.json();
      });
    }
    return asked(words.dataset.permit).then(function (permit) {
      return asked(words.dataset.address, { method: "POST", headers: { "X-CSRFToken": permit.token } });
    });
  }

  function say(text) {
    words.textContent = text;
    words.hidden = !text;
  }

  function keep(canvas, code) {
    canvas.toBlob(function (content) {
      if (!content) { say(words.dataset.undrawn); return; }
      const link = document.createElement("a");
      link.href = URL.createObjectURL(content);
      link.download = `${words.dataset.file}-${code}.png`;
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
    }, "image/png");
  }

  function save() {
    say("");
    told().then(function (found) {
      try {
        keep(drawn(found.facts), found.code);
      } catch {
        say(words.dataset.undrawn);
      }
    }, function () { say(words.dataset.unwritten); });
  }

  geoTarget.on("frame", function () { geoTarget.addButton("save", ICON, words.dataset.save, save); });
})();
