using System.Text.Json.Nodes;
using System.Text.Json;
using Sommelier.Evals.Scripts;

namespace Sommelier.Evals.Graders;

/// <summary>Changes the answer by scripts before another grader sees it: <c>transform</c> of an expectation, one or a list.</summary>
internal sealed class TransformedGrader : IGrader
{
    /// <summary>The setting, which every kind takes.</summary>
    public const string Setting = "transform";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<string> bodies;
    private readonly IGrader inner;
    private readonly IScriptRunner runner;

    private TransformedGrader(IReadOnlyList<string> bodies, IGrader inner, IScriptRunner runner)
    {
        this.bodies = bodies;
        this.inner = inner;
        this.runner = runner;
    }

    /// <summary>A kind's grader with what the settings have to say before it.</summary>
    public static IGrader Create(GraderKind kind, GraderSettings settings)
    {
        var inner = TimedGrader.Create(kind, settings);
        return settings.Json(Setting) is null
            ? inner
            : new TransformedGrader([.. settings.Texts(Setting).Select(script => ScriptBody.Of(settings, Setting, script))], inner, ScriptWorker.Once());
    }

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        var changed = answer;
        foreach (var body in bodies)
        {
            ScriptOutcome outcome;
            try
            {
                outcome = await runner.RunAsync(new(changed.IsJson ? JavascriptGrader.Parsed + body : body, changed.Text, ScriptContext.Of(answer, null), Limit), cancellationToken);
            }
            catch (ScriptsUnavailableException unavailable)
            {
                return Grade.Missing(unavailable.Message);
            }

            switch (outcome)
            {
                case { End: ScriptEnd.Returned, Text: { Length: > 0 } json and not "null" }:
                    changed = JsonNode.Parse(json) is JsonValue value && value.GetValueKind() == JsonValueKind.String
                        ? changed with { Text = value.GetValue<string>(), IsJson = false }
                        : changed with { Text = json, IsJson = true };
                    break;
                case { End: ScriptEnd.Invalid }:
                    return Grade.Missing($"the transform is not JavaScript: {outcome.Text}");
                case { End: ScriptEnd.Returned }:
                    return Grade.Broken("the transform returned nothing");
                default:
                    return Grade.Broken(outcome.End == ScriptEnd.Threw ? $"the transform threw: {outcome.Text}" : $"the transform met its limit of {outcome.Text}");
            }
        }

        return await inner.GradeAsync(changed, cancellationToken);
    }
}
