using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sommelier.Canonical;
using Sommelier.Gateway.Bodies;
using Sommelier.Judging.Mathematics;
using Sommelier.Routing.Cascading;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway.Cascades;

/// <summary>The checks of an answer that ask nobody.</summary>
internal static class CascadeChecks
{
    private static readonly ConditionalWeakTable<CascadeSettings, Regex> Patterns = [];

    private static readonly MathComparison Results = new();

    /// <summary>What an answer fails; null when it passes.</summary>
    /// <param name="settings">What is checked.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="response">What was answered.</param>
    /// <param name="capped">Whether the answer's length was limited for the cascade's sake.</param>
    public static CascadeOutcome? Of(CascadeSettings settings, InboundCall call, ChatResponse response, bool capped)
    {
        // Its words may match and agree all the same: another model may answer what this one would not.
        if (IsRefusal(response))
        {
            return CascadeOutcome.Failed;
        }

        if (capped && response.FinishReason.Kind == FinishReasonKind.Length)
        {
            return CascadeOutcome.Length;
        }

        if (settings.Schema && call.Form?.Check(response) is not null)
        {
            return CascadeOutcome.Schema;
        }

        return settings.Regex is null || Patterns.GetValue(settings, static settings => PiiPattern.Of(settings.Regex!)).IsMatch(TextOf(response)) ? null : CascadeOutcome.Regex;
    }

    /// <summary>Whether an answer is a refusal, or was cut by a filter, in whatever way the dialect says so.</summary>
    public static bool IsRefusal(ChatResponse response) => RefusedAnswer.Finish(response.FinishReason, response.Parts).Kind == FinishReasonKind.ContentFilter;

    /// <summary>Whether two answers come to the same: equal JSON, else results that mean the same by the grader <c>math</c>, which knows words too.</summary>
    public static bool Agree(string one, string other)
    {
        var (left, right) = (Json(one), Json(other));
        return left is { } value && right is { } second
            ? JsonElement.DeepEquals(value, second)
            : Results.Same(MathAnswer.Find(one), MathAnswer.Find(other));
    }

    /// <summary>The text of an answer.</summary>
    public static string TextOf(ChatResponse response) => string.Concat(response.Parts.OfType<TextPart>().Select(static part => part.Text));

    // Bare numbers and words are results, not documents.
    private static JsonElement? Json(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
