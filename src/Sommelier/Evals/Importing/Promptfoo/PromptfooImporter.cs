using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>promptfoo's configurations, and its CSV of tests, as suites: every prompt with every test is a case.</summary>
internal static class PromptfooImporter
{
    /// <summary>A configuration in YAML or JSON.</summary>
    /// <exception cref="ImportException">It cannot be read, or nothing of it can be asked.</exception>
    public static ImportedSuite Read(string path, ImportOptions options)
    {
        var root = JsonTexts.Parse(JsonTexts.Read(path), path) as JsonObject ?? throw new ImportException($"{path} is no promptfoo configuration; its root has to be a mapping with prompts and tests");
        return Read(root, path, options);
    }

    /// <summary>A CSV of tests, with the prompt that the options name.</summary>
    /// <exception cref="ImportException">There is no prompt, or the file cannot be read.</exception>
    public static ImportedSuite ReadCsv(string path, ImportOptions options)
    {
        var prompt = options.Prompt ?? throw new ImportException("a CSV of tests holds no prompt; give --prompt with a text or a file");
        var root = new JsonObject { ["prompts"] = new JsonArray(File.Exists(prompt) ? PromptfooFiles.Prefix + Path.GetFullPath(prompt) : prompt), ["tests"] = PromptfooFiles.Prefix + Path.GetFileName(path) };
        return Read(root, path, options);
    }

    private static ImportedSuite Read(JsonObject values, string path, ImportOptions options)
    {
        var file = Path.GetFileName(path);
        var notes = new ImportNotes();
        var files = new PromptfooFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, options.Output);
        var root = new ImportGroup(values, file, "", notes);
        root.Ignore("tags", "outputPath", "sharing", "metadata", "commandLineOptions", "$schema");
        var providers = new PromptfooProviders(file, notes);
        providers.Read(root["providers"] ?? root["targets"]);
        var cases = new PromptfooCases(files, notes, new(files, notes, options.Output), providers.Transform);
        var prompts = new PromptfooPrompts(file, files, notes).Read(root["prompts"]);
        var tests = new PromptfooTests(file, files, notes).Read(root["tests"], root["scenarios"], root["defaultTest"]);
        var evaluate = new ImportGroup(root["evaluateOptions"] as JsonObject ?? [], file, "evaluateOptions", notes);
        evaluate.Ignore("maxConcurrency", "delay", "cache", "showProgressBar");
        var made = cases.Make(prompts, tests);
        if (made.Count == 0)
        {
            throw new ImportException($"nothing of {path} can be asked and checked.{string.Concat(notes.List.Take(5).Select(static note => $"\n  {note}"))}");
        }

        var suite = new JsonObject { ["suite"] = options.Name ?? SuiteText.Name(Path.GetFileNameWithoutExtension(path)) };
        if (root.Text("description") is { Length: > 0 } description)
        {
            suite["description"] = description;
        }

        if (cases.HasClusters)
        {
            suite["cluster_by"] = PromptfooCases.Cluster;
        }

        var defaults = providers.Defaults;
        if (evaluate.Number("repeat") is { } repeat and > 1)
        {
            defaults["repeats"] = repeat;
        }

        foreach (var test in tests)
        {
            cases.NoteRest(test);
        }

        evaluate.NoteRest();
        root.NoteRest();
        if (defaults.Count > 0)
        {
            suite["defaults"] = defaults;
        }

        suite["cases"] = new JsonArray([.. made.Select(static one => (JsonNode)one)]);
        return new(suite, providers.Models, notes.List);
    }
}
