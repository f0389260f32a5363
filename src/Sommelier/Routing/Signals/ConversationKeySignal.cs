namespace Sommelier.Routing.Signals;

/// <summary>Which conversation it is (the caller's session, else system, tools and first user message) and what it says.</summary>
internal sealed class ConversationKeySignal : ISignal
{
    public string Name => "conversation_key";

    public void Read(in SignalInput input, RequestSignals to)
    {
        var outline = input.Outline;
        if (input.Hints.Session is { Length: > 0 } session)
        {
            var key = new StableHash();
            key.Add(session.AsSpan());
            to.ConversationKey = key.Value;
        }
        else
        {
            to.ConversationKey = outline.PrefixHash;
        }

        var content = new StableHash();
        content.Add(outline.PrefixHash);
        content.Add(outline.TextBytes);
        content.Add(outline.CacheableTextBytes);
        content.Add(outline.Tail.LastUser.AsSpan());
        content.Add(outline.Tail.PreviousAssistant.AsSpan());
        content.Add(outline.Tail.PreviousUser.AsSpan());
        content.Add(outline.Tail.System.AsSpan());
        to.ContentHash = content.Value;
    }
}
