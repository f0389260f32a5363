using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The kinds of items that the stream's writer makes.</summary>
internal enum ResponsesOutKind
{
    /// <summary>What the model says.</summary>
    Message,

    /// <summary>What it thinks.</summary>
    Thinking,

    /// <summary>A call of a tool.</summary>
    Call,

    /// <summary>An item of the vendor's own, as it came.</summary>
    Opaque,
}

/// <summary>An item that the stream's writer has begun.</summary>
/// <param name="kind">What it is.</param>
/// <param name="output">Its place in the output.</param>
/// <param name="id">Its id.</param>
internal sealed class ResponsesOutItem(ResponsesOutKind kind, int output, string id)
{
    /// <summary>What it is.</summary>
    public ResponsesOutKind Kind => kind;

    /// <summary>Its place in the output.</summary>
    public int Output => output;

    /// <summary>Its id; that of thinking may become known only at its end.</summary>
    public string Id { get; set; } = id;

    /// <summary>Our number of a call or of thinking.</summary>
    public int Part { get; init; }

    /// <summary>A call's id, its function and what the caller calls that, where it stands in a namespace.</summary>
    public (string CallId, string Name, ToolOrigin? Origin) Call { get; init; }

    /// <summary>Reads a custom tool's text out of its arguments; null for a function.</summary>
    public InputUnwrapper? Input { get; init; }

    /// <summary>A call's arguments or text, or what is shown of thinking.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>Thinking's seal, as it is written; null for none.</summary>
    public string? Seal { get; set; }

    /// <summary>An item of the vendor's own.</summary>
    public string? Json { get; set; }

    /// <summary>A message's parts.</summary>
    public List<ResponsesOutPart> Parts { get; } = [];

    /// <summary>What it says of itself once it has ended.</summary>
    public string Status { get; set; } = "in_progress";

    /// <summary>Whether it has ended.</summary>
    public bool Closed { get; set; }
}

/// <summary>A part of a message.</summary>
/// <param name="part">Our number of it.</param>
/// <param name="isRefusal">Whether it is a refusal.</param>
internal sealed class ResponsesOutPart(int part, bool isRefusal)
{
    /// <summary>Our number of it.</summary>
    public int Part => part;

    /// <summary>Whether it is a refusal.</summary>
    public bool IsRefusal => isRefusal;

    /// <summary>What is said.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>Citations of all of the text, until that is said.</summary>
    public List<Citation> Waiting { get; } = [];

    /// <summary>Annotations of the text, raw.</summary>
    public List<string> Annotations { get; } = [];

    /// <summary>Log probabilities of the text, the inside of a list; empty for none.</summary>
    public StringBuilder LogProbs { get; } = new();

    /// <summary>Whether it has ended.</summary>
    public bool Closed { get; set; }

    /// <summary>The type's name.</summary>
    public string Type => isRefusal ? "refusal" : "output_text";

    /// <summary>The events that add to it and end it, and the member that holds the whole text.</summary>
    public (string Delta, string Done, string Member) Names => isRefusal
        ? ("response.refusal.delta", "response.refusal.done", "refusal")
        : ("response.output_text.delta", "response.output_text.done", "text");
}
