using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What a content block of a stream holds.</summary>
internal enum AnthropicPartKind
{
    Text,
    Thinking,
    Redacted,
    Tool,
    Opaque,
}

/// <summary>A part of an answer on its way to becoming a content block.</summary>
internal sealed class AnthropicStreamPart(int index, AnthropicPartKind kind, ChatDelta opening)
{
    private int depth;
    private bool began;
    private bool inString;
    private bool escaped;

    /// <summary>The part's index in the deltas.</summary>
    public int Index => index;

    /// <summary>What it holds.</summary>
    public AnthropicPartKind Kind => kind;

    /// <summary>The step that opens it.</summary>
    public ChatDelta Opening => opening;

    /// <summary>The number of its content block, once it is open.</summary>
    public int Block { get; set; }

    /// <summary>Whether the vendor said that it is complete.</summary>
    public bool Ended { get; set; }

    /// <summary>Steps that wait until the part before it is closed.</summary>
    public List<ChatDelta> Waiting { get; } = [];

    /// <summary>Whether a tool call's arguments are one whole JSON value.</summary>
    public bool IsWhole => began && depth == 0 && !inString;

    /// <summary>Whether a tool call got no arguments at all.</summary>
    public bool IsBare => !began;

    /// <summary>
    /// Whether the block may be closed when another part begins. Servers that interleave parallel calls send more of the
    /// first one later: a call stays open until its arguments balance.
    /// </summary>
    public bool IsClosable => kind != AnthropicPartKind.Tool || Ended || IsWhole;

    /// <summary>Follows the nesting of a tool call's arguments.</summary>
    public void Follow(string arguments)
    {
        foreach (var letter in arguments)
        {
            if (inString)
            {
                inString = escaped || letter != '"';
                escaped = !escaped && letter == '\\';
                continue;
            }

            switch (letter)
            {
                case '"':
                    began = inString = true;
                    break;
                case '{' or '[':
                    began = true;
                    depth++;
                    break;
                case '}' or ']':
                    depth = Math.Max(0, depth - 1);
                    break;
                default:
                    began |= !char.IsWhiteSpace(letter);
                    break;
            }
        }
    }
}
