using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Sommelier.Canonical;
using Sommelier.Gateway.Bodies;
using Sommelier.Routing.Cascading;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway.Cascades;

/// <summary>The checks of an answer that ask nobody.</summary>
internal static class CascadeChecks
{
    private static readonly ConditionalWeakTable<CascadeSettings, Regex> Patterns = [];

    /// <summary>What an answer fails; null when it passes.</summary>
    /// <param name="settings">What is checked.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="response">What was answered.</param>
    /// <param name="answer">What is looked at of it.</param>
    /// <param name="capped">Whether the answer's length was limited for the cascade's sake.</param>
    public static CascadeOutcome? Of(CascadeSettings settings, InboundCall call, ChatResponse response, CheckedAnswer answer, bool capped)
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

        // What is called is run by the caller, so it must fit whatever the policy says. Form and expression are about an answer in words.
        if ((call.Outline.ToolCount > 0 || answer.Calls.Count > 0) && !answer.CallsFit(call.Request))
        {
            return CascadeOutcome.Schema;
        }

        if (answer.Calls.Count > 0)
        {
            return null;
        }

        if (settings.Schema && call.Form?.Check(response) is not null)
        {
            return CascadeOutcome.Schema;
        }

        return settings.Regex is null || Patterns.GetValue(settings, static settings => PiiPattern.Of(settings.Regex!)).IsMatch(answer.Text) ? null : CascadeOutcome.Regex;
    }

    /// <summary>Whether an answer is a refusal, or was cut by a filter, in whatever way the dialect says so.</summary>
    public static bool IsRefusal(ChatResponse response) => RefusedAnswer.Finish(response.FinishReason, response.Parts).Kind == FinishReasonKind.ContentFilter;
}
