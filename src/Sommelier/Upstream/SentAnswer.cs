using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>What a caller has been sent of a stream so far, kept so that another deployment can go on with it.</summary>
/// <remarks>
/// It is only kept where the policy says <c>continue</c>. Then the gateway writes the stream itself, even where caller and
/// vendor speak the same format: only the writer that began an answer knows its ids, numbers and open parts.
/// </remarks>
internal sealed class SentAnswer
{
    // A longer answer is not gone on with: all of it would have to be sent, and paid, again.
    private const int MostLetters = 200_000;

    private readonly StringBuilder text = new();
    private int? thinking;
    private int? open;
    private bool other;

    /// <summary>Writes the caller's stream.</summary>
    public required StreamEncoder Encoder { get; init; }

    /// <summary>What the request has cost, in USD, by the tokens of the deployment that answers now.</summary>
    public Func<Usage, decimal?>? CostUsd { get; set; }

    /// <summary>Where another deployment went on; null while none did.</summary>
    public StreamSeam? Seam { get; set; }

    /// <summary>What had been used when the stream broke.</summary>
    public Usage Used { get; set; }

    /// <summary>Whether a second deployment has added to it: then no third can.</summary>
    public bool Added { get; set; }

    /// <summary>All text, in order.</summary>
    public string Text => text.ToString();

    /// <summary>The number of the part that further text belongs to.</summary>
    public int TextPart => open ?? Next;

    /// <summary>The number of the next new part.</summary>
    public int Next { get; private set; }

    /// <summary>
    /// Whether somebody else can go on: there is text, nothing but text (closed thinking aside) and not its end. Another model
    /// neither knows what a tool call was for nor thinks the same thought to its end.
    /// </summary>
    public bool MayContinue => !other && thinking is null && text.Length <= MostLetters && !string.IsNullOrWhiteSpace(Text);

    /// <summary>Takes a step that the caller is sent.</summary>
    public void Take(ChatDelta step)
    {
        switch (step)
        {
            case TextDelta more:
                if (text.Length <= MostLetters)
                {
                    text.Append(more.Text);
                }

                thinking = null;
                open = more.Index;
                Next = Math.Max(Next, more.Index + 1);
                break;
            case ReasoningDelta thought:
                thinking = thought.Index;
                open = null;
                Next = Math.Max(Next, thought.Index + 1);
                break;
            case PartEndDelta end:
                thinking = thinking == end.Index ? null : thinking;
                open = open == end.Index ? null : open;
                break;
            case OpaqueDelta { Type: TokenLogProbs.Name }:
                break;
            case RefusalDelta or ToolCallStartDelta or ToolCallArgumentsDelta or OpaqueDelta or FinishDelta or EndDelta:
                other = true;
                break;
        }
    }
}
