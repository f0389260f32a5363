using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer has so many words: runs of what is no white space, as promptfoo counts them.</summary>
internal static class WordCountGrader
{
    /// <summary><c>word-count</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "word-count",
        "a number, or `{ min, max }`",
        "The answer has exactly so many words, or no fewer than `min` and no more than `max`; words are what white space parts.",
        Create)
    {
        Example = "{ type: word-count, value: { min: 50, max: 120 } }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var (min, max) = Bounds(settings);
        return new(answer =>
        {
            var count = Tokens.CountWords(answer.Text);
            return Grade.Of(count >= min && count <= max, string.Create(CultureInfo.InvariantCulture, $"the answer has {count} words, not {Range(min, max)}"));
        });
    }

    private static (double Min, double Max) Bounds(GraderSettings settings)
    {
        switch (settings.Json("value"))
        {
            case JsonObject range when range.All(static pair => pair.Key is "min" or "max" && pair.Value is JsonValue number && number.GetValueKind() == JsonValueKind.Number) && range.Count > 0:
                var min = range["min"]?.GetValue<double>() ?? 0;
                var max = range["max"]?.GetValue<double>() ?? double.PositiveInfinity;
                if (min > max)
                {
                    settings.Problem("value", "has a min above its max", "Write the smaller one as min");
                }

                return (min, max);
            case JsonValue when double.TryParse(settings.Text("value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact):
                return (exact, exact);
            default:
                settings.Problem("value", "is not a count of words", "Write a number, or { min: 50, max: 120 }");
                return (0, double.PositiveInfinity);
        }
    }

    private static string Range(double min, double max) =>
        string.Create(CultureInfo.InvariantCulture, $"{(min == max ? $"{min}" : double.IsInfinity(max) ? $"{min} or more" : $"{min} to {max}")}");
}
