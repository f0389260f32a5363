namespace Sommelier.Canonical;

/// <summary>The coarse group of an <see cref="Intent"/>, for evidence that is too thin for the fine one.</summary>
public enum IntentGroup
{
    /// <summary>Coding and data analysis.</summary>
    Code,

    /// <summary>Math and reasoning.</summary>
    MathReasoning,

    /// <summary>Work on a text that is given: context questions, summaries.</summary>
    Grounded,

    /// <summary>One text in, another form of it out.</summary>
    Transform,

    /// <summary>New text: creative, functional, ideas.</summary>
    Write,

    /// <summary>Knowledge, advice, conversation and the rest.</summary>
    Chat,

    /// <summary>Tool use.</summary>
    Agentic,
}
