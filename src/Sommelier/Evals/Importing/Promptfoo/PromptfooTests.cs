using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>Reads <c>tests</c>, <c>scenarios</c> and the files that they name.</summary>
internal sealed class PromptfooTests(string file, PromptfooFiles files, ImportNotes notes)
{
    /// <summary>The tests in promptfoo's order: those of <c>tests</c>, then those of scenarios; one without variables when there is none of either.</summary>
    public IReadOnlyList<PromptfooTest> Read(JsonNode? tests, JsonNode? scenarios, JsonNode? standard)
    {
        var layer = Standard(standard);
        var all = new List<PromptfooTest>();
        foreach (var own in Groups(tests, "tests"))
        {
            all.Add(new(own, [own, layer]));
        }

        var number = 0;
        foreach (var item in JsonTexts.List(scenarios))
        {
            var path = $"scenarios[{number++}]";
            if (item is not JsonObject said)
            {
                notes.Lost(file, path, "the scenario is no object", "Write it out in the configuration");
                continue;
            }

            var scenario = new ImportGroup(said, file, path, notes);
            scenario.Ignore("description");
            var inner = Groups(scenario["tests"], scenario.At("tests"));
            foreach (var data in Groups(scenario["config"], scenario.At("config")))
            {
                all.AddRange(inner.Count == 0 ? [new(data, [data, layer])] : inner.Select(own => new PromptfooTest(own, [own, data, layer])));
            }

            scenario.NoteRest();
        }

        if (all.Count == 0)
        {
            var empty = new ImportGroup([], file, "defaultTest", notes);
            all.Add(new(empty, [empty, layer]));
        }

        return all;
    }

    private ImportGroup Standard(JsonNode? given)
    {
        var loaded = given is JsonValue text && PromptfooFiles.IsFile(text.ToString()) ? files.Load(text.ToString()) : given;
        return new(loaded as JsonObject ?? [], file, "defaultTest", notes);
    }

    private List<ImportGroup> Groups(JsonNode? given, string path)
    {
        var groups = new List<ImportGroup>();
        var index = 0;
        foreach (var item in JsonTexts.List(given))
        {
            var place = given is JsonArray ? $"{path}[{index++}]" : path;
            switch (item)
            {
                case JsonObject test when test["path"] is null:
                    groups.Add(new(test, file, place, notes));
                    break;
                case JsonValue text:
                    groups.AddRange(FromFiles(text.ToString(), place));
                    break;
                default:
                    notes.Lost(file, place, "tests are made by a program", "Write the tests that it gives into a JSON lines file, and name that");
                    break;
            }
        }

        return groups;
    }

    private List<ImportGroup> FromFiles(string reference, string place)
    {
        var groups = new List<ImportGroup>();
        var found = files.Find(reference);
        if (found.Count == 0 || reference.StartsWith("http", StringComparison.Ordinal) || reference.StartsWith("huggingface:", StringComparison.Ordinal))
        {
            notes.Lost(file, place, $"there is no file {reference}", "Fetch the tests into a file beside the configuration, and name that");
            return groups;
        }

        foreach (var path in found)
        {
            var name = Path.GetFileName(path);
            switch (Path.GetExtension(path))
            {
                case ".csv":
                    groups.AddRange(JsonTexts.Rows(path).Select(row => PromptfooCsv.Test(row.Row, name, row.Path, notes)));
                    break;
                case ".jsonl":
                    groups.AddRange(JsonTexts.Rows(path).Select(row => new ImportGroup(row.Row, name, row.Path, notes)));
                    break;
                case ".json" or ".yaml" or ".yml":
                    var number = 0;
                    groups.AddRange(JsonTexts.List(JsonTexts.Parse(JsonTexts.Read(path), path)).OfType<JsonObject>().Select(test => new ImportGroup(test, name, $"[{number++}]", notes)));
                    break;
                default:
                    notes.Lost(file, place, $"{name} makes tests by a program", "Write the tests that it gives into a JSON lines file, and name that");
                    break;
            }
        }

        return groups;
    }
}
