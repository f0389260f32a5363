using System.Globalization;
using System.Text;

namespace Sommelier.Judging;

/// <summary>Text as a reader sees it: letters of other scripts and widths that look like Latin ones become those, what is invisible goes.</summary>
/// <remarks>A choice of Unicode's confusables (UTS 39): those for the letters and signs that markers are made of.</remarks>
internal static class Lookalikes
{
    private const string From = "аеорсухіѕјԁԛһӏАВЕКМНОРСТХІЅЈԌѡԝɡɑαοινκρτυΑΒΕΗΙΚΜΝΟΡΤΥΧΖ∶ː˸꞉׃։⁅【〔⟦❲⁆】〕⟧❳‐‑‒–—";
    private const string Into = "aeopcyxisjdqhlABEKMHOPCTXISJGwwgaaoivkptuABEHIKMNOPTYXZ::::::[[[[[]]]]]-----";

    private static readonly Dictionary<char, char> Known = From.Zip(Into).DistinctBy(static pair => pair.First).ToDictionary(static pair => pair.First, static pair => pair.Second);

    /// <summary>The folded text, in lower case, and for each of its characters the place in the original that it came from.</summary>
    public static (string Folded, IReadOnlyList<int> Places) Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var places = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
            {
                Add(text[i], i);
                continue;
            }

            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                continue;
            }

            var compatible = rune.ToString().Normalize(NormalizationForm.FormKD);
            foreach (var letter in compatible)
            {
                if (CharUnicodeInfo.GetUnicodeCategory(letter) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark))
                {
                    Add(letter, i);
                }
            }

            i += rune.Utf16SequenceLength - 1;
        }

        return (folded.ToString(), places);

        void Add(char letter, int place)
        {
            folded.Append(char.ToLowerInvariant(Known.GetValueOrDefault(letter, letter)));
            places.Add(place);
        }
    }
}
