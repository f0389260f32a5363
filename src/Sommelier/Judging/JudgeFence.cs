using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sommelier.Judging;

/// <summary>
/// Puts texts that nobody vouches for between marker lines, so that a judge can tell them from its orders. The markers carry a code
/// that is a hash of those texts: a text that held its own hash cannot be written, and the same answer is judged by the same words,
/// so that a judgement can be given again instead of being paid for again.
/// </summary>
internal sealed partial class JudgeFence
{
    /// <summary>What stands in a text instead of something that looks like a marker or a verdict.</summary>
    public const string Neutralised = "[marker removed]";

    /// <param name="seed">What else the code depends on: the judge's orders.</param>
    /// <param name="texts">All texts that will be fenced.</param>
    public JudgeFence(string seed, params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (ReadOnlySpan<string>)[seed, .. texts])
        {
            hash.AppendData(BitConverter.GetBytes(text.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }

        Code = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public string Code { get; }

    /// <summary>A text between its marker lines.</summary>
    public string Around(string name, string text) => $"[{name} {Code}]\n{Without(text)}\n[end of {name} {Code}]";

    /// <summary>A text without what looks like a marker, or like a verdict line, also in letters that only look like these.</summary>
    public static string Without(string text)
    {
        var (folded, places) = Lookalikes.Fold(text);
        var result = new StringBuilder(text.Length);
        var kept = 0;
        foreach (var match in Forged().EnumerateMatches(folded))
        {
            var begin = places[match.Index];
            var end = match.Index + match.Length < places.Count ? places[match.Index + match.Length] : text.Length;
            result.Append(text, kept, begin - kept).Append(Neutralised);
            kept = end;
        }

        return kept == 0 ? text : result.Append(text, kept, text.Length - kept).ToString();
    }

    [GeneratedRegex(@"\[\s*(?:end\s+of\s+)?(?:task|criterion|reference|answer)\b[^\]\n]{0,60}\]|\bgrade[\s*_`]*:[\s*_`]*(?:[cpi]\b|pass|fail|correct|incorrect|[01](?:\.\d+)?\b)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Forged();
}
