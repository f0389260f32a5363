using Sommelier.Evals.Json;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is JSON, or holds some, and matches a schema where one is given.</summary>
internal static class IsJsonGrader
{
    /// <summary><c>is-json</c>.</summary>
    public static GraderKind Whole { get; } = new(
        "is-json",
        "a JSON Schema, or nothing",
        "The answer is JSON and nothing else, and matches the schema if there is one.",
        static settings => Create(settings, inText: false, optional: true))
    {
        Example = "{ type: is-json, value: { type: object, required: [city] } }",
    };

    /// <summary><c>contains-json</c>.</summary>
    public static GraderKind Within { get; } = new(
        "contains-json",
        "a JSON Schema, or nothing",
        "Somewhere in the answer stands a JSON object or list, one that matches the schema if there is one.",
        static settings => Create(settings, inText: true, optional: true))
    {
        Example = "{ type: contains-json, value: { required: [city] } }",
    };

    /// <summary><c>json-schema</c>.</summary>
    public static GraderKind Schema { get; } = new(
        "json-schema",
        "a JSON Schema",
        "The answer is JSON that matches the schema; with `in_text: true` it may stand among other words.",
        static settings => Create(settings, settings.Flag("in_text", false), optional: false))
    {
        Example = "{ type: json-schema, value: { type: object, properties: { age: { type: integer } } }, in_text: true }",
    };

    private static FunctionGrader Create(GraderSettings settings, bool inText, bool optional)
    {
        var schema = SchemaSetting.Read(settings, "value", optional);
        return new(answer =>
        {
            var reason = "the answer is not JSON";
            if (!inText)
            {
                return JsonText.Parse(answer.Text) is { } whole ? Of(schema?.Check(whole)?.ToString()) : Grade.Fail(reason);
            }

            reason = "there is no JSON in the answer";
            foreach (var part in JsonText.Find(answer.Text))
            {
                if (schema?.Check(part)?.ToString() is not { } violation)
                {
                    return Grade.Pass;
                }

                reason = violation;
            }

            return Grade.Fail(reason);
        });
    }

    private static Grade Of(string? violation) => Grade.Of(violation is null, violation ?? "");
}
