using System.Globalization;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing;

/// <summary>One thing of the source that the suite does not say, or says otherwise. Never holds a secret.</summary>
/// <param name="File">The file that says it, as it was named.</param>
/// <param name="Path">Where in it, e.g. <c>tests[2].assert[0]</c>; empty for the file as a whole.</param>
/// <param name="What">What is not carried over, as a clause without a full stop.</param>
/// <param name="Remedy">What to do, as a sentence without a full stop.</param>
/// <param name="Kind">How much of it is gone.</param>
internal sealed record ImportNote(string File, string Path, string What, string Remedy, ImportLoss Kind)
{
    /// <summary>The line of the file, from 1; 0 where it cannot be told.</summary>
    public int Line { get; init; }

    /// <summary>One line: <c>promptfooconfig.yaml:12: tests[2].assert[0]: lost: what. Remedy.</c></summary>
    public override string ToString() => $"{File}{(Line > 0 ? string.Create(CultureInfo.InvariantCulture, $":{Line}") : "")}: {(Path.Length == 0 ? "" : $"{Path}: ")}{(Kind == ImportLoss.Lost ? "lost" : "changed")}: {What}. {Remedy}.";
}

/// <summary>How much of something was carried over.</summary>
internal enum ImportLoss
{
    /// <summary>Nothing: the suite does without.</summary>
    Lost,

    /// <summary>It is there, and may judge or ask a little otherwise.</summary>
    Changed,
}

/// <summary>Collects what could not be carried over, each thing once.</summary>
internal sealed class ImportNotes
{
    private readonly List<ImportNote> list = [];

    /// <summary>In the order in which they were met.</summary>
    public IReadOnlyList<ImportNote> List => list;

    /// <summary>Notes what the suite does without.</summary>
    public void Lost(string file, string path, string what, string remedy) => Add(new(file, path, what, remedy, ImportLoss.Lost));

    /// <summary>Notes what the suite says a little otherwise.</summary>
    public void Changed(string file, string path, string what, string remedy) => Add(new(file, path, what, remedy, ImportLoss.Changed));

    private void Add(ImportNote note)
    {
        if (!list.Contains(note))
        {
            list.Add(note);
        }
    }
}

/// <summary>A file that cannot be imported at all; the message names it and the remedy.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="remedy">What to do, where the file is imported without it; null for what is usual there.</param>
internal sealed class ImportException(string message, string? remedy = null) : Exception(message)
{
    /// <summary>What to do; null for what is usual.</summary>
    public string? Remedy { get; } = remedy;
}

/// <summary>What came of a file.</summary>
/// <param name="Suite">The suite in the words of <c>*.suite.yaml</c>.</param>
/// <param name="Models">The models that the source asks, in the words of the gateway; empty where it names none.</param>
/// <param name="Notes">What could not be carried over.</param>
internal sealed record ImportedSuite(JsonObject Suite, IReadOnlyList<string> Models, IReadOnlyList<ImportNote> Notes);

/// <summary>What an import may be told beside the file.</summary>
/// <param name="Output">The folder that the suite goes to: files that it names are named from there.</param>
/// <param name="Name">The suite's name, or the evaluation to take where a file holds several; null: the file's.</param>
/// <param name="Prompt">The prompt of a CSV: a text or a file; null for none.</param>
/// <param name="Rows">A file of rows beside a definition; null for none.</param>
/// <param name="Scorer">How a data set without graders is graded, e.g. <c>match(location=end)</c>; null for the format's own.</param>
/// <param name="Fields">Which column holds what, where names differ.</param>
internal sealed record ImportOptions(string Output, string? Name = null, string? Prompt = null, string? Rows = null, string? Scorer = null, IReadOnlyDictionary<string, string>? Fields = null);
