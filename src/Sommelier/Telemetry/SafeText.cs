using System.Text;

namespace Sommelier.Telemetry;

/// <summary>Makes somebody else's words fit for the log: one line, bounded, and nothing that looks like a key.</summary>
internal static class SafeText
{
    /// <summary>The most characters that are kept.</summary>
    public const int MaxLength = 300;

    private const string Mask = "[masked]";
    private const int ShortestSecret = 16;

    // What the vendors' keys and the usual tokens begin with; a shorter rest than a real key's is masked too, since
    // vendors quote keys with their middle starred out.
    private static readonly string[] KeyPrefixes =
        ["sk-", "sk_", "pk-", "pk_", "rk-", "gsk_", "xai-", "AIza", "ya29.", "AKIA", "ASIA", "hf_", "r8_", "nvapi-", "pplx-", "csk-", "tgp_", "ghp_", "eyJ", "fw_", "jina_"];

    /// <summary>The text without line breaks, control characters and keys, cut at <see cref="MaxLength"/>.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var safe = new StringBuilder(Math.Min(text.Length, MaxLength) + 8);
        var at = 0;
        while (at < text.Length && safe.Length < MaxLength)
        {
            var end = at;
            while (end < text.Length && IsKeyCharacter(text[end]))
            {
                end++;
            }

            if (end > at)
            {
                var word = text.AsSpan(at, end - at);
                safe.Append(LooksSecret(word) ? Mask : word);
                at = end;
                continue;
            }

            // Line and paragraph separators begin a new line in some viewers just as well.
            safe.Append(char.IsControl(text[at]) || text[at] is '\u2028' or '\u2029' ? ' ' : text[at]);
            at++;
        }

        return safe.Length > MaxLength || at < text.Length ? safe.ToString(0, Math.Min(safe.Length, MaxLength)) + "…" : safe.ToString();
    }

    private static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '/' or '=' or '*';

    private static bool LooksSecret(ReadOnlySpan<char> word)
    {
        foreach (var prefix in KeyPrefixes)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal) && word.Length > prefix.Length + 3)
            {
                return true;
            }
        }

        if (word.Length < ShortestSecret)
        {
            return false;
        }

        int upper = 0, lower = 0, digits = 0, hex = 0;
        foreach (var c in word)
        {
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            hex += char.IsAsciiHexDigit(c) ? 1 : 0;
        }

        // Random text mixes cases and digits, or is hexadecimal; a model's name such as claude-opus-4-5-20251101 does neither.
        return (upper > 1 && lower > 1 && digits > 1) || (hex == word.Length && digits > 3) || word.Contains("****", StringComparison.Ordinal);
    }
}
