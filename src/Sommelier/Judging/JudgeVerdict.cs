using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sommelier.Judging;

/// <summary>What a judge said in the end.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Pass">Whether the judge itself would let it pass; from half the score on when it does not say.</param>
/// <param name="Reason">Why, in its own words; empty when it gave none.</param>
internal sealed partial record JudgeVerdict(double Score, bool Pass, string Reason)
{
    /// <summary>
    /// The last verdict of a reply: a JSON object with <c>score</c>, <c>pass</c> or both, or a line <c>GRADE: C</c> (correct, 1),
    /// <c>P</c> (in part, 0.5), <c>I</c> (incorrect, 0), a number or PASS and FAIL. One that carries the code goes before all without it,
    /// and one without it that stands in the judged text word for word was quoted, not given. Null when there is none.
    /// </summary>
    /// <param name="reply">What the judge wrote.</param>
    /// <param name="code">The fence's code.</param>
    /// <param name="judged">What it judged.</param>
    public static JudgeVerdict? Last(string reply, string code, string judged)
    {
        (int Place, JudgeVerdict Verdict)? last = null;
        foreach (var (place, value) in JudgeReply.Objects(reply))
        {
            if (Of(value) is not { } verdict)
            {
                continue;
            }

            if (JudgeReply.Carries(value, code))
            {
                last = (int.MaxValue, verdict);
            }
            else if (!(last?.Place > place) && !JudgeReply.Quotes(judged, value))
            {
                last = (place, verdict);
            }
        }

        foreach (Match line in Grade().Matches(reply))
        {
            if (!(last?.Place > line.Index))
            {
                var score = ScoreOf(line.Groups["grade"].Value);
                last = (line.Index, new(score, score >= 0.5, Sentence(reply[..line.Index])));
            }
        }

        return last?.Verdict;
    }

    private static JudgeVerdict? Of(JsonElement value)
    {
        bool? pass = value.TryGetProperty("pass", out var said) && said.ValueKind is JsonValueKind.True or JsonValueKind.False ? said.GetBoolean() : null;
        double? score = value.TryGetProperty("score", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;
        return (pass, score) is (null, null) || score is < 0 or > 1
            ? null
            : new(score ?? (pass!.Value ? 1 : 0), pass ?? score >= 0.5, value.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString()! : "");
    }

    private static double ScoreOf(string grade) => grade.ToUpperInvariant() switch
    {
        "C" or "CORRECT" or "PASS" => 1,
        "P" or "PARTIAL" => 0.5,
        "I" or "INCORRECT" or "FAIL" => 0,
        var number => double.Parse(number, CultureInfo.InvariantCulture),
    };

    // What stands before the grade is the reasoning; its last paragraph says the most.
    private static string Sentence(string before)
    {
        var paragraph = before.Trim().Split("\n\n")[^1].ReplaceLineEndings(" ").Trim();
        return paragraph.Length > 500 ? paragraph[..500] + "…" : paragraph;
    }

    [GeneratedRegex(@"^[ \t>*_#`]*GRADE[*_`]*[ \t]*:[ \t*_`]*(?<grade>CORRECT|INCORRECT|PARTIAL|PASS|FAIL|[CPI]|1(?:\.0+)?|0(?:\.\d+)?)[ \t*_`.]*\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Grade();
}
