using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>What the record needs to know of an answer that is passed on as it is.</summary>
public sealed class AnswerFacts
{
    /// <summary>The vendor's id of the answer.</summary>
    public string? Id { get; set; }

    /// <summary>The model that says it answered.</summary>
    public string? ResponseModel { get; set; }

    /// <summary>The conversation that the application keeps, see <c>ChatResponse.Conversation</c>; null where it keeps none.</summary>
    public string? Conversation { get; set; }

    /// <summary>The vendor's word for how it serves the call, e.g. <c>default</c> or <c>priority</c>, for an estimate when it reports no usage; null until it says.</summary>
    public string? ServedAs { get; set; }

    /// <summary>Searches of the web that the answer has told of so far, for an estimate when it ends before the vendor counts them.</summary>
    public long WebSearches { get; set; }

    /// <summary>Token counts; null until the vendor reports them.</summary>
    public Usage? Usage { get; set; }

    /// <summary>Why the model stopped; null until it says.</summary>
    public FinishReason? FinishReason { get; set; }

    /// <summary>Bytes of text and arguments that were seen, for an estimate when the vendor reports no usage.</summary>
    public long OutputBytes { get; set; }

    /// <summary>How many vectors there are; 0 for a chat.</summary>
    public int Vectors { get; set; }

    /// <summary>Whether the answer departs from its format so that the clients of the format's own vendor would not take it: it is read and written rather than passed on.</summary>
    public bool IsLoose { get; set; }

    /// <summary>Whether a tool call was begun.</summary>
    public bool HasToolCall { get; set; }
}
