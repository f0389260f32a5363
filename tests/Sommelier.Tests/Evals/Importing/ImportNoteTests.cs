using Sommelier.Evals.Importing;

namespace Sommelier.Tests.Evals.Importing;

public sealed class ImportNoteTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_is_lost_is_told_with_file_line_place_and_a_remedy_of_its_own()
    {
        var source = Write(
            "promptfooconfig.yaml",
            """
            prompts: ["Write SQL for {{q}}"]
            providers: [openai:chat:gpt-4.1-mini]
            tests:
              - vars: { q: a }
                assert:
                  - type: is-sql
                  - type: not-contains-sql
                    value: { databaseType: PostgreSQL }
                  - type: is-sql
                    value: { databaseType: sqlite, allowedTables: ['select::null::users'] }
                  - type: perplexity
                    threshold: 1.5
                  - { type: trace-span-count, value: { pattern: '*' } }
                  - type: trajectory:tool-used
                  - type: equals
                    value: x
                    oddity: 1
            """);

        var notes = SuiteImport.Read(source, null, new(folder.FullName)).Notes.Select(note => note.ToString().Replace(folder.FullName + "/", "", StringComparison.Ordinal)).ToArray();

        Assert.Contains(notes, note => note.StartsWith("promptfooconfig.yaml:6: tests[0].assert[0]: lost: SQL is read in SQLite's dialect here, and MySQL's is asked for. Say databaseType: sqlite", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("promptfooconfig.yaml:7: tests[0].assert[1]: lost: SQL is read in SQLite's dialect here, and PostgreSQL's is asked for.", StringComparison.Ordinal));
        Assert.Contains("promptfooconfig.yaml:9: tests[0].assert[2]: lost: a list of allowed tables or columns is not known here. Give is-sql their definitions as its value: CREATE TABLE ….", notes);
        Assert.Contains(notes, note => note.StartsWith("promptfooconfig.yaml:11: tests[0].assert[3]: lost: there is no grader like 'perplexity'. Leave it out, for probabilities", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("promptfooconfig.yaml:13: tests[0].assert[4]: lost: there is no grader like 'trace-span-count'. Leave it out, for traces", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("promptfooconfig.yaml:14: tests[0].assert[5]: lost: there is no grader like 'trajectory:tool-used'. Grade the calls", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("promptfooconfig.yaml:17: tests[0].assert[6].oddity: lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_note_about_a_file_of_tests_has_the_line_of_that_file()
    {
        Write("more.yaml", "- vars: { q: b }\n  assert:\n    - type: webhook\n    - type: equals\n      value: x\n");
        var source = Write("promptfooconfig.yaml", "prompts: ['{{q}}']\nproviders: [openai:chat:gpt-4.1-mini]\ntests: file://more.yaml\n");

        var note = Assert.Single(SuiteImport.Read(source, null, new(folder.FullName)).Notes);

        Assert.Equal(3, note.Line);
        Assert.Contains("more.yaml:3: ", note.ToString(), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
