namespace Sommelier.Canonical;

/// <summary>What kind of work a request asks for: the eighteen tasks that evidence is kept for.</summary>
/// <remarks>
/// The order is part of the classifier's weights file; append, never reorder. The name on the wire is snake case:
/// <c>knowledge_qa</c>. See <see cref="Intents"/> for names and groups.
/// </remarks>
public enum Intent
{
    /// <summary>Asks for a fact or an explanation, with nothing given to read.</summary>
    KnowledgeQa,

    /// <summary>Asks for a conclusion that must be worked out: logic, planning puzzles, common sense.</summary>
    Reasoning,

    /// <summary>Asks for a calculation, a proof or the solution of a mathematical problem.</summary>
    Math,

    /// <summary>Asks to write, explain, mend or review code.</summary>
    Coding,

    /// <summary>Asks a question about a text that is given.</summary>
    ContextQa,

    /// <summary>Asks for a shorter version of a text that is given.</summary>
    Summarization,

    /// <summary>Asks to pull named facts out of a text into a structure.</summary>
    Extraction,

    /// <summary>Asks to put a text into one of several classes.</summary>
    Classification,

    /// <summary>Asks for the same text in another language.</summary>
    Translation,

    /// <summary>Asks for the same text in other words: corrected, shortened, in another tone.</summary>
    Rewriting,

    /// <summary>Asks for a story, a poem, lyrics, role play.</summary>
    CreativeWriting,

    /// <summary>Asks for a text that does a job: an e-mail, a report, an advertisement.</summary>
    FunctionalWriting,

    /// <summary>Asks for ideas, lists of options, outlines or plans.</summary>
    IdeationPlanning,

    /// <summary>Asks what the asker should do.</summary>
    Advice,

    /// <summary>Greets, chats, thanks.</summary>
    Conversation,

    /// <summary>Asks to act through tools, or is a step of an agent.</summary>
    ToolUse,

    /// <summary>Asks for conclusions from a table, a log or figures.</summary>
    DataAnalysis,

    /// <summary>None of the above.</summary>
    Other,
}
