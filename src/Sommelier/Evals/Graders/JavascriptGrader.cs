using System.Globalization;
using System.Text.Json;
using Sommelier.Evals.Scripts;

namespace Sommelier.Evals.Graders;

/// <summary>
/// What a script says of the answer, as promptfoo has it: one line is an expression, several are a function's body, a file is a
/// module that exports a function. It knows <c>output</c> and <c>context</c> (<c>vars</c>, <c>prompt</c>, <c>config</c>) and gives a
/// boolean, a number (the score) or <c>{ pass, score, reason }</c>, or a promise of one.
/// </summary>
internal sealed class JavascriptGrader : IGrader
{
    /// <summary>Stands before a body where a transform has made something else than a text of the answer.</summary>
    internal const string Parsed = "output = JSON.parse(output);\n";

    private readonly string body;
    private readonly double? threshold;
    private readonly string? config;
    private readonly TimeSpan limit;
    private readonly IScriptRunner runner;

    internal JavascriptGrader(GraderSettings settings, IScriptRunner runner)
    {
        body = ScriptBody.Of(settings, "value", settings.Text("value"));
        threshold = settings.Json("threshold") is null ? null : settings.Number("threshold", 0);
        config = settings.Json("config")?.ToJsonString();
        limit = TimeSpan.FromSeconds(settings.Number("timeout_seconds", 2, min: 0.05, max: 60));
        this.runner = runner;
    }

    /// <summary>The registry's line.</summary>
    public static GraderKind Kind { get; } = new(
        "javascript",
        "an expression, a function's body, or file://script.js",
        "A script says whether the answer is right, with output and context as its variables.",
        static settings => new JavascriptGrader(settings, ScriptWorker.Once()))
    {
        Example = "{ type: javascript, value: 'JSON.parse(output).total > context.vars.least' }",
    };

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        ScriptOutcome outcome;
        try
        {
            outcome = await runner.RunAsync(new(answer.IsJson ? Parsed + body : body, answer.Text, ScriptContext.Of(answer, config), limit), cancellationToken);
        }
        catch (ScriptsUnavailableException unavailable)
        {
            return Grade.Missing(unavailable.Message);
        }

        return outcome.End switch
        {
            ScriptEnd.Returned => Read(outcome.Text),
            ScriptEnd.Threw => Grade.Broken($"the script threw: {outcome.Text}"),
            ScriptEnd.Limited => Grade.Broken($"the script met its limit of {outcome.Text}"),
            _ => Grade.Missing($"the script is not JavaScript: {outcome.Text}"),
        };
    }

    private Grade Read(string json)
    {
        if (json.Length == 0)
        {
            return Grade.Missing("the script returned nothing; it has to give true, false, a number or { pass, score, reason }");
        }

        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;
        return value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => Score(value.GetBoolean() ? 1 : 0, value.GetBoolean(), value.GetBoolean() ? "" : "the script says no"),
            JsonValueKind.Number => Score(value.GetDouble(), threshold is not null || value.GetDouble() > 0, string.Create(CultureInfo.InvariantCulture, $"the script gives {value.GetDouble()}")),
            JsonValueKind.Object when value.TryGetProperty("pass", out var pass) && pass.ValueKind is JsonValueKind.True or JsonValueKind.False =>
                Score(
                    value.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number ? score.GetDouble() : pass.GetBoolean() ? 1 : 0,
                    pass.GetBoolean(),
                    value.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString()! : "the script says no"),
            _ => Grade.Missing($"the script returned {(json.Length > 80 ? json[..80] + "…" : json)}; it has to give true, false, a number or {{ pass, score, reason }}"),
        };
    }

    private Grade Score(double score, bool pass, string reason) =>
        new(pass && (threshold is null || score >= threshold) ? GradeState.Passed : GradeState.Failed, Math.Clamp(score, 0, 1), reason);
}
