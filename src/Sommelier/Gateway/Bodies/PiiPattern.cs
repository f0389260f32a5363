using System.Net;
using System.Text.RegularExpressions;

namespace Sommelier.Gateway.Bodies;

/// <summary>What some kind of personal data or secret looks like.</summary>
/// <param name="Replacement">What stands in its place.</param>
/// <param name="Pattern">Runs in time linear to the text, whatever the text.</param>
/// <param name="Holds">Looks closer at a match; null when the pattern says it all.</param>
internal sealed record PiiPattern(string Replacement, Regex Pattern, Func<string, bool>? Holds = null)
{
    /// <summary>All kinds, in the order in which they are looked for: what is more special comes first.</summary>
    public static IReadOnlyList<PiiPattern> All { get; } =
    [
        // OpenAI, Anthropic, Stripe and others; our own; AWS; Google; GitHub; Slack; JSON web tokens, of which the cut of a body may have left no more than the claims.
        new("[api_key]", Of(@"\b(?:(?:sk|pk|rk)[-_][A-Za-z0-9_\-]{16,}|smlr_[A-Za-z0-9_\-]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_\-]{35}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|xox[abeprs]-[A-Za-z0-9\-]{10,}|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*)?)")),
        new("[email]", Of(@"[\w.%+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
        new("[iban]", Of(@"\b[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b"), IsIban),
        new("[card]", Of(@"\b(?:[0-9][ \-]?){12,18}[0-9]\b"), IsCard),
        new("[national_id]", Of(@"\b[0-9]{6}[ \-]?[1-8][0-9]{6}\b"), IsKoreanId),
        new("[national_id]", Of(@"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"), IsSocialSecurityNumber),
        new("[ip]", Of(@"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"), static text => IPAddress.TryParse(text, out _)),
        new("[ip]", Of(@"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"), static text => text.Any(char.IsAsciiDigit) && text.Length > 3 && IPAddress.TryParse(text, out _)),

        // International; North American; Korean; German and others with a leading nought.
        new("[phone]", Of(@"(?:\+|\b00)[1-9](?:[ ().\-/]{0,2}[0-9]){7,14}\b")),
        new("[phone]", Of(@"(?:\([2-9][0-9]{2}\) ?|\b[2-9][0-9]{2}[ .\-])[0-9]{3}[ .\-][0-9]{4}\b")),
        new("[phone]", Of(@"\b0[1-9][0-9]{0,4}[ /\-][0-9]{3,8}(?:[ \-][0-9]{2,6})*\b")),
        new("[phone]", Of(@"\b01[016789][0-9]{7,8}\b")),
    ];

    /// <summary>A pattern of the kind that never backtracks.</summary>
    /// <exception cref="ArgumentException">It is none, or needs what such patterns lack: lookarounds, backreferences, atomic groups.</exception>
    public static Regex Of(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException wrong)
        {
            throw new ArgumentException(wrong.Message, nameof(pattern), wrong);
        }
    }

    // Luhn's check digit, ISO/IEC 7812-1.
    private static bool IsCard(string text)
    {
        var sum = 0;
        var twice = false;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                var digit = (text[i] - '0') * (twice ? 2 : 1);
                sum += digit > 9 ? digit - 9 : digit;
                twice = !twice;
            }
        }

        return sum > 0 && sum % 10 == 0;
    }

    // ISO 13616: the first four characters go to the end, letters count from ten, and the number leaves one when it is divided by 97.
    private static bool IsIban(string text)
    {
        var plain = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        var rest = 0;
        foreach (var c in plain[4..] + plain[..4])
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return rest == 1 && plain.Length is >= 15 and <= 34;
    }

    // Begins with a day of birth; since 2020 the rest is random, so the old check digit proves nothing.
    private static bool IsKoreanId(string text) =>
        int.Parse(text.AsSpan(2, 2), System.Globalization.CultureInfo.InvariantCulture) is >= 1 and <= 12
        && int.Parse(text.AsSpan(4, 2), System.Globalization.CultureInfo.InvariantCulture) is >= 1 and <= 31;

    // Never given out: ssa.gov/kc/SSAFactSheet--IssuingSSNs.pdf
    private static bool IsSocialSecurityNumber(string text) =>
        text[..3] is not ("000" or "666") && text[0] != '9' && text[4..6] is not "00" && text[7..] is not "0000";
}
