using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.JsonSchemas;
using Sommelier.Judging.Mathematics;

namespace Sommelier.Gateway.Cascades;

/// <summary>What the checks of a cascade look at: an answer's text, and the tools that it calls.</summary>
/// <param name="Text">The text; empty where it only calls.</param>
/// <param name="Calls">The calls, in order.</param>
internal sealed record CheckedAnswer(string Text, IReadOnlyList<ToolCallPart> Calls)
{
    private static readonly MathComparison Results = new();

    /// <summary>The answer of a response.</summary>
    public static CheckedAnswer Of(ChatResponse response) => new(
        string.Concat(response.Parts.OfType<TextPart>().Select(static part => part.Text)), [.. response.Parts.OfType<ToolCallPart>()]);

    /// <summary>The answer as a judge reads it: calls are lines of their own.</summary>
    public string Words()
    {
        var words = new StringBuilder(Text);
        foreach (var call in Calls)
        {
            words.Append(words.Length > 0 ? "\n" : "").Append("call of the tool ").Append(call.Name).Append(": ").Append(call.Arguments);
        }

        return words.ToString();
    }

    /// <summary>
    /// Whether two answers come to the same: the same calls with equal arguments; or, where neither calls, equal JSON, else results that mean the
    /// same by the grader <c>math</c>, which knows words too.
    /// </summary>
    public bool Agrees(CheckedAnswer other)
    {
        if (Calls.Count > 0 || other.Calls.Count > 0)
        {
            return Calls.Count == other.Calls.Count && Calls.Zip(other.Calls).All(static pair => Same(pair.First, pair.Second));
        }

        var (left, right) = (Json(Text), Json(other.Text));
        return left is { } value && right is { } second
            ? JsonElement.DeepEquals(value, second)
            : Results.Same(MathAnswer.Find(Text), MathAnswer.Find(other.Text));
    }

    /// <summary>Whether the calls are such as were allowed, and match their schemas.</summary>
    public bool CallsFit(ChatRequest request)
    {
        var choice = request.ToolChoice;
        return choice?.Mode switch
        {
            ToolChoiceMode.None => Calls.Count == 0,
            ToolChoiceMode.Required or ToolChoiceMode.Named => Calls.Count > 0,
            _ => true,
        } && Calls.All(call =>
            (choice is not { Mode: ToolChoiceMode.Named } || string.Equals(choice.Name, call.Name, StringComparison.Ordinal))
            && choice?.Allowed?.Contains(call.Name, StringComparer.Ordinal) != false
            && request.Tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal)) is { } tool
            && CallArguments.Violation(call.Name, call.Arguments, tool.ParametersSchema) is null);
    }

    private static bool Same(ToolCallPart one, ToolCallPart other) =>
        string.Equals(one.Name, other.Name, StringComparison.Ordinal)
        && CallArguments.Read(one.Arguments) is { } left && CallArguments.Read(other.Arguments) is { } right && JsonElement.DeepEquals(left, right);

    // Bare numbers and words are results, not documents.
    private static JsonElement? Json(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..] ? StrictJson.Parse(text) : null;
}
