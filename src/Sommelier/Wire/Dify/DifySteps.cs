using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>Says what a Dify stream tells as the steps of one answer: text, thinking and a refusal are parts of their own.</summary>
internal sealed class DifySteps
{
    private readonly HashSet<string> linked = new(StringComparer.Ordinal);
    private int index = -1;
    private Kind kind;
    private bool started;
    private bool linkSaid;

    /// <summary>Whether any text has been said.</summary>
    public bool TextSaid { get; private set; }

    /// <summary>More text; null or empty is none.</summary>
    public void Text(string? text, JsonElement root, ICollection<ChatDelta> output)
    {
        if (text is { Length: > 0 })
        {
            Open(Kind.Text, root, output);
            output.Add(new TextDelta(index, linkSaid ? "\n\n" + text : text));
            (TextSaid, linkSaid) = (true, false);
        }
    }

    /// <summary>More thinking.</summary>
    public void Thought(string? text, JsonElement root, ICollection<ChatDelta> output)
    {
        if (text is { Length: > 0 })
        {
            Open(Kind.Thought, root, output);
            output.Add(new ReasoningDelta(index, text));
        }
    }

    /// <summary>More of a refusal.</summary>
    public void Refusal(string? text, JsonElement root, ICollection<ChatDelta> output)
    {
        if (text is { Length: > 0 })
        {
            Open(Kind.Refusal, root, output);
            TextSaid = true;
            output.Add(new RefusalDelta(index, text));
        }
    }

    /// <summary>A file that the app gives out; what the caller sent itself is told again too, and passed over.</summary>
    public void File(JsonElement file, JsonElement root, ICollection<ChatDelta> output)
    {
        if (file.Text("belongs_to") is "user")
        {
            return;
        }

        if (DifyLinks.Of(file) is not { } link)
        {
            Open(Kind.Text, root, output);
            Lost(new OpaquePart(DifyFormat.FormatName, "message_file", file.GetRawText()), output);
        }
        else if (linked.Add(DifyLinks.Place(file)!))
        {
            Link(link, root, output);
        }
    }

    /// <summary>A link in the text, or several.</summary>
    public void Link(string link, JsonElement root, ICollection<ChatDelta> output)
    {
        Text(TextSaid && !linkSaid ? "\n\n" + link : link, root, output);
        linkSaid = true;
    }

    /// <summary>What the text rests on.</summary>
    public void Sources(JsonElement metadata, ICollection<ChatDelta> output)
    {
        var (pages, others) = DifySources.Of(metadata);
        foreach (var page in pages)
        {
            if (kind == Kind.Text)
            {
                output.Add(new CitationDelta(index, page));
            }
            else
            {
                others ??= DifySources.Lost(metadata);
            }
        }

        Lost(others, output);
    }

    /// <summary>What no caller has a place for. It makes no answer by itself.</summary>
    public void Lost(OpaquePart? part, ICollection<ChatDelta> output)
    {
        if (started && part is not null)
        {
            output.Add(new OpaqueDelta(part.Format, part.Type, part.Json));
        }
    }

    /// <summary>What was said is taken back.</summary>
    public void Withdraw(bool filtered, ICollection<ChatDelta> output)
    {
        Close(output);
        output.Add(new WithdrawnDelta(filtered));
    }

    /// <summary>The end of the answer.</summary>
    public void Finish(FinishReason reason, Usage? usage, ICollection<ChatDelta> output)
    {
        if (usage is { } counts)
        {
            output.Add(new UsageDelta(counts));
        }

        // A reason would make an answer of nothing.
        if (started)
        {
            Close(output);
            output.Add(new FinishDelta(reason));
        }

        output.Add(EndDelta.Instance);
    }

    private void Open(Kind next, JsonElement root, ICollection<ChatDelta> output)
    {
        if (!started)
        {
            started = true;
            output.Add(new StartDelta(root.Text("message_id") ?? root.Text("workflow_run_id"), null) { Conversation = DifyAnswer.Conversation(root) });
        }

        if (kind != next)
        {
            Close(output);
            kind = next;
            index++;
        }
    }

    private void Close(ICollection<ChatDelta> output)
    {
        if (kind != Kind.None)
        {
            output.Add(new PartEndDelta(index));
            kind = Kind.None;
        }
    }

    private enum Kind
    {
        None,
        Text,
        Thought,
        Refusal,
    }
}
