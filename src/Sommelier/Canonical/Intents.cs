namespace Sommelier.Canonical;

/// <summary>Names and groups of the intents: the one table that every other file reads.</summary>
public static class Intents
{
    private static readonly string[] NameTable =
    [
        "knowledge_qa", "reasoning", "math", "coding", "context_qa", "summarization", "extraction", "classification",
        "translation", "rewriting", "creative_writing", "functional_writing", "ideation_planning", "advice",
        "conversation", "tool_use", "data_analysis", "other",
    ];

    private static readonly string[] GroupNameTable =
        ["code", "math_reasoning", "grounded", "transform", "write", "chat", "agentic"];

    /// <summary>How many intents there are.</summary>
    public const int Count = 18;

    /// <summary>The names on the wire, in the order of <see cref="Intent"/>.</summary>
    public static IReadOnlyList<string> Names => NameTable;

    /// <summary>The names of the groups, in the order of <see cref="IntentGroup"/>.</summary>
    public static IReadOnlyList<string> GroupNames => GroupNameTable;

    /// <summary>The name on the wire, e.g. <c>knowledge_qa</c>.</summary>
    public static string Name(this Intent intent) => NameTable[(int)intent];

    /// <summary>The group's name on the wire, e.g. <c>math_reasoning</c>.</summary>
    public static string Name(this IntentGroup group) => GroupNameTable[(int)group];

    /// <summary>Reads a name on the wire; false when there is no such intent.</summary>
    public static bool TryParse(string name, out Intent intent)
    {
        var index = Array.IndexOf(NameTable, name);
        intent = index < 0 ? Intent.Other : (Intent)index;
        return index >= 0;
    }

    /// <summary>The coarse group of an intent.</summary>
    public static IntentGroup Group(this Intent intent) => intent switch
    {
        Intent.Coding or Intent.DataAnalysis => IntentGroup.Code,
        Intent.Math or Intent.Reasoning => IntentGroup.MathReasoning,
        Intent.ContextQa or Intent.Summarization => IntentGroup.Grounded,
        Intent.Extraction or Intent.Classification or Intent.Translation or Intent.Rewriting => IntentGroup.Transform,
        Intent.CreativeWriting or Intent.FunctionalWriting or Intent.IdeationPlanning => IntentGroup.Write,
        Intent.ToolUse => IntentGroup.Agentic,
        _ => IntentGroup.Chat,
    };
}
