using System.Globalization;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.OpenAI;

/// <summary>The openai/evals registry: a YAML file that names a class and its samples, or the samples alone.</summary>
internal static class RegistryImporter
{
    /// <summary>The evaluation that the options name, or the only one.</summary>
    /// <exception cref="ImportException">It cannot be read, or is of a class that has no graders here.</exception>
    public static ImportedSuite Read(string path, ImportOptions options)
    {
        var notes = new ImportNotes();
        var file = Path.GetFileName(path);
        if (Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".ndjson")
        {
            if (options.Scorer is null)
            {
                notes.Changed(file, "", "the samples name no class, and are graded as Match", "Import the registry's YAML file, or give --scorer match, includes, fuzzy_match or json_match");
            }

            return Suite(options.Name ?? SuiteText.Name(Path.GetFileNameWithoutExtension(path)), path, options.Scorer ?? "match", new([], file, "", notes), notes, path);
        }

        var root = JsonTexts.Parse(JsonTexts.Read(path), path) as JsonObject ?? throw new ImportException($"{path} is no registry file");
        var (name, spec) = Find(root, path, options.Name);
        var group = new ImportGroup(spec, file, name, notes);
        group.Ignore("description", "metrics", "disclaimer", "key", "group");
        var args = new ImportGroup(group["args"] as JsonObject ?? [], file, group.At("args"), notes);
        var kind = (group.Text("class") ?? "").Split(':')[^1];
        var samples = args.Text("samples_jsonl") ?? throw new ImportException($"{path}: {name} names no samples_jsonl");
        var suite = Suite(SuiteText.Name(name), Samples(path, samples), kind, args, notes, path);
        args.NoteRest();
        group.NoteRest();
        return suite with { Notes = notes.List };
    }

    private static (string Name, JsonObject Spec) Find(JsonObject root, string path, string? wanted)
    {
        var specs = root.Where(static pair => pair.Value is JsonObject spec && spec["class"] is JsonValue).ToDictionary(static pair => pair.Key, static pair => pair.Value!.AsObject(), StringComparer.Ordinal);
        if (wanted is not null)
        {
            // A short name stands for the one that its id names.
            var name = root[wanted] is JsonObject alias && alias["id"] is JsonValue id ? id.ToString() : wanted;
            return specs.TryGetValue(name, out var spec) ? (name, spec) : throw new ImportException($"{path} has no evaluation '{wanted}'; name one of {string.Join(", ", specs.Keys)}");
        }

        return specs.Count == 1 ? (specs.First().Key, specs.First().Value) : throw new ImportException($"{path} holds {specs.Count} evaluations; give --name with one of {string.Join(", ", specs.Keys)}");
    }

    // Registries keep samples below data, beside the folder of the file.
    private static string Samples(string path, string samples)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] places = [Path.Combine(folder, samples), Path.Combine(folder, "..", "data", samples), Path.Combine(folder, "data", samples)];
        return Array.Find(places, File.Exists) ?? throw new ImportException($"{path} names {samples}, which is neither beside it nor in ../data; copy it there");
    }

    private static ImportedSuite Suite(string name, string samples, string kind, ImportGroup args, ImportNotes notes, string path)
    {
        var grading = new RegistryGrading(kind, args, notes, path);
        var cases = new JsonArray();
        foreach (var (place, row) in JsonTexts.Rows(samples))
        {
            var sample = new ImportGroup(row, Path.GetFileName(samples), place, notes);
            if (Case(sample, grading, cases.Count + 1) is { } one)
            {
                cases.Add((JsonNode)one);
            }
        }

        if (cases.Count == 0)
        {
            throw new ImportException($"no sample of {samples} can be asked and checked.{string.Concat(notes.List.Take(5).Select(static note => $"\n  {note}"))}");
        }

        return new(new JsonObject { ["suite"] = name, ["cases"] = cases }, [], notes.List);
    }

    private static JsonObject? Case(ImportGroup sample, RegistryGrading grading, int number)
    {
        var ideal = sample["ideal"];
        if (sample["input"] is not { } input)
        {
            sample.Lost("input", "the sample asks nothing", "Give it an input");
            return null;
        }

        var one = new JsonObject { ["id"] = sample.Text("id") ?? string.Create(CultureInfo.InvariantCulture, $"sample-{number}") };
        if (input is JsonArray chat)
        {
            one["messages"] = SuiteText.Literal(chat);
        }
        else
        {
            one["input"] = JsonTexts.Of(input);
        }

        var variables = new JsonObject { ["ideal"] = ideal?.DeepClone() };
        foreach (var (key, value) in sample.Values.Where(static pair => pair.Key is not ("input" or "ideal" or "id")))
        {
            variables[key] = sample[key]?.DeepClone();
        }

        if (grading.Of(sample, ideal) is not { } expectation)
        {
            return null;
        }

        one["vars"] = variables;
        one["expect"] = new JsonArray((JsonNode)expectation);
        if (JsonTexts.List(ideal) is [JsonValue first, ..])
        {
            one["reference"] = SuiteText.Literal(JsonTexts.Of(first));
        }

        return one;
    }
}
