namespace TrafficDispatch.Pages.Tests;

/// <summary>Contrast by WCAG 2.2's relative luminance, worked out in the page from what is really shown.</summary>
internal static class Contrast
{
    private const string Formula = """
        const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true }), known = new Map();
        const read = text => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1); return pen.getImageData(0, 0, 1, 1).data; };
        const parse = text => { if (!known.has(text)) known.set(text, read(text)); return known.get(text); };
        const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
        const contrast = (one, other) => { const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
        """;

    /// <summary>Texts that are shown with less than 4.5 to 1.</summary>
    public const string OfTexts = $$"""
        () => {
          {{Formula}}
          const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [0, 0, 0]; };
          const faults = new Set();
          for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility({ opacityProperty: true }) || e.closest('.hidden, .skip, noscript')) continue;
            const ratio = contrast(parse(getComputedStyle(e).color), ground(e));
            if (ratio < 4.5) faults.add(`${e.tagName}.${e.className}: ${ratio.toFixed(2)} "${e.textContent.trim().slice(0, 40)}"`);
          }
          return [...faults];
        }
        """;

    /// <summary>Contrast of two colours of the style sheet.</summary>
    public const string OfVariables = $$"""
        ([one, other]) => {
          {{Formula}}
          const value = name => parse(getComputedStyle(document.documentElement).getPropertyValue(name));
          return contrast(value(one), value(other));
        }
        """;
}
