using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>What a graph's state says of the answer: the state that <c>runs/wait</c> returns, or that of a <c>values</c> event.</summary>
/// <param name="Answer">
/// The last message, when the model speaks in it, or the one before the answers of tools that end the state, when it has calls without
/// an answer: those wait for the caller. Null otherwise, or when the graph added none.
/// </param>
/// <param name="Calls">The calls of <paramref name="Answer"/> that nothing in the graph has answered.</param>
/// <param name="Beside">The answers of its other calls, which no caller has a place for.</param>
/// <param name="Direct">
/// What the last messages say when they are answers to all that the graph's own model called: after the run's end that is the
/// graph's answer (LangChain's <c>return_direct</c>). Empty otherwise.
/// </param>
/// <param name="Usage">All tokens of the graph's own messages; null when none of them counts any.</param>
internal readonly record struct LangGraphState(
    LangGraphMessage? Answer,
    IReadOnlyList<ToolCallPart> Calls,
    IReadOnlyList<OpaquePart> Beside,
    IReadOnlyList<ContentPart> Direct,
    Usage? Usage)
{
    /// <summary>Reads a state.</summary>
    /// <exception cref="UpstreamException">The run failed, waits for a human, or the graph keeps no messages.</exception>
    public static LangGraphState Read(JsonElement state)
    {
        if (state.Get("__error__") is { ValueKind: not JsonValueKind.Undefined } error)
        {
            throw new UpstreamException(LangGraphFailures.Of(error));
        }

        if (state.Get("__interrupt__") is { ValueKind: JsonValueKind.Array } interrupts && interrupts.GetArrayLength() > 0)
        {
            throw new UpstreamException(LangGraphFailures.Interrupted);
        }

        if (state.Get("messages") is not { ValueKind: JsonValueKind.Array } messages)
        {
            throw UpstreamException.Protocol("The graph's state holds no list of messages: it is no chat graph.");
        }

        LangGraphMessage? answer = null;
        LangGraphMessage? calling = null;
        var tools = new List<LangGraphMessage>();
        var usage = new UsageSum();
        foreach (var item in messages.EnumerateArray())
        {
            var message = new LangGraphMessage(item);
            if (message.IsAsked)
            {
                usage = new UsageSum();
            }

            answer = message.IsAnswer ? message : null;
            if (message.IsTool)
            {
                tools.Add(message);
            }
            else
            {
                calling = answer;
                tools.Clear();
            }

            usage.Add(message.Usage());
        }

        if (answer is { } last)
        {
            return new(last, last.Calls(), [], [], usage.Total);
        }

        if (calling is not { IsMade: true } caller)
        {
            return new(null, [], [], [], usage.Total);
        }

        var waiting = Waiting(caller, tools);
        return waiting.Count == 0
            ? new(null, [], [], Said(tools), usage.Total)
            : new(caller, waiting, [.. tools.Select(static tool => new OpaquePart(LangGraphFormat.FormatName, "tool", tool.Json.GetRawText()))], [], usage.Total);
    }

    // The graph runs its own tools; a call of a tool that it does not have is the caller's, whatever was answered beside it.
    private static List<ToolCallPart> Waiting(LangGraphMessage caller, List<LangGraphMessage> tools)
    {
        var answered = tools.Select(static tool => tool.Answers).ToHashSet(StringComparer.Ordinal);
        return [.. caller.Calls().Where(call => !answered.Contains(call.IsIdMadeUp ? "" : call.Id))];
    }

    private static List<ContentPart> Said(List<LangGraphMessage> tools)
    {
        var parts = new List<ContentPart>();
        foreach (var tool in tools)
        {
            if (parts.Count > 0)
            {
                parts.Add(new TextPart("\n\n"));
            }

            parts.AddRange(tool.Content());
        }

        return parts;
    }
}
