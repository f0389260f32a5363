namespace Sommelier.Evals.Instructions;

/// <summary>Every kind of instruction. A new one is a file beside this one and a line here.</summary>
internal static class InstructionRegistry
{
    /// <summary>All kinds, by family.</summary>
    public static IReadOnlyList<InstructionKind> All { get; } =
    [
        Keywords.Kind,
        KeywordFrequency.Kind,
        ForbiddenWords.Kind,
        LetterFrequency.Kind,
        ResponseLanguage.Kind,
        NumberOfSentences.Kind,
        Paragraphs.Kind,
        NumberOfWords.Kind,
        FirstWord.Kind,
        Placeholders.Kind,
        Postscript.Kind,
        Bullets.Kind,
        ConstrainedResponse.Kind,
        Highlights.Kind,
        Sections.Kind,
        JsonFormat.Kind,
        Title.Kind,
        TwoResponses.Kind,
        RepeatedPrompt.Kind,
        EndPhrase.Kind,
        CapitalWords.Kind,
        AllCapitals.Kind,
        AllLowercase.Kind,
        NoComma.Kind,
        Quotation.Kind,
    ];

    /// <summary>The kind of that id, or null.</summary>
    public static InstructionKind? Find(string? id) => All.FirstOrDefault(kind => string.Equals(kind.Id, id, StringComparison.Ordinal));
}
