using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer holds one of several texts, or all of them.</summary>
/// <remarks>As promptfoo has it, a single text is a list with commas between its items, which may stand in double quotes.</remarks>
internal static class ContainsManyGrader
{
    private const string Value = "a list of texts, or one text with commas";

    /// <summary><c>contains-any</c>.</summary>
    public static GraderKind Any { get; } = new("contains-any", Value, "The answer holds at least one of the texts, in the same letters.", static settings => CreateAny(settings, StringComparison.Ordinal))
    {
        Example = "{ type: contains-any, value: [Paris, Lutetia] }",
    };

    /// <summary><c>contains-all</c>.</summary>
    public static GraderKind All { get; } = new("contains-all", Value, "The answer holds every one of the texts, in the same letters.", static settings => CreateAll(settings, StringComparison.Ordinal))
    {
        Example = "{ type: contains-all, value: [Paris, Seine] }",
    };

    /// <summary><c>icontains-any</c>.</summary>
    public static GraderKind AnyInAnyCase { get; } = new("icontains-any", Value, "The answer holds at least one of the texts, in capitals or not.", static settings => CreateAny(settings, StringComparison.OrdinalIgnoreCase))
    {
        Example = "{ type: icontains-any, value: 'paris, lutetia' }",
    };

    /// <summary><c>icontains-all</c>.</summary>
    public static GraderKind AllInAnyCase { get; } = new("icontains-all", Value, "The answer holds every one of the texts, in capitals or not.", static settings => CreateAll(settings, StringComparison.OrdinalIgnoreCase))
    {
        Example = "{ type: icontains-all, value: [paris, seine] }",
    };

    private static FunctionGrader CreateAny(GraderSettings settings, StringComparison comparison)
    {
        var wanted = CommaList.Read(settings, "value");
        return new(answer => Grade.Of(wanted.Any(text => answer.Text.Contains(text, comparison)), $"none of {Quoted(wanted)} is in the answer"));
    }

    private static FunctionGrader CreateAll(GraderSettings settings, StringComparison comparison)
    {
        var wanted = CommaList.Read(settings, "value");
        return new(answer =>
        {
            var missing = wanted.Where(text => !answer.Text.Contains(text, comparison)).ToList();
            return Grade.Of(missing.Count == 0, $"{Quoted(missing)} {(missing.Count == 1 ? "is" : "are")} not in the answer");
        });
    }

    private static string Quoted(IEnumerable<string> texts) => string.Join(", ", texts.Select(static text => $"'{text}'"));
}
