using System.CommandLine;
using System.Globalization;
using Sommelier.Evals.Importing;
using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval import</c>: another tool's evaluation as a suite, with a report of what it does not say.</summary>
internal static class ImportCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "A promptfoo configuration or CSV, a registry file or samples of openai/evals, an evaluation of OpenAI's Evals API, or a data set of Inspect." };
        var format = new Option<string?>("--format", "-f") { Description = $"{string.Join("; ", SuiteImport.Formats)}. Default: told by the content.", HelpName = "FORMAT" };
        var output = new Option<string?>("--out", "-o") { Description = $"The suite to write, a file that ends in {SuiteReader.Extension}. Default: beside the file, under its name.", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The suite's name; of a registry file with several evaluations, the one to import.", HelpName = "NAME" };
        var prompt = new Option<string?>("--prompt") { Description = "The prompt of a promptfoo CSV: a text with {{variables}}, or a file.", HelpName = "TEXT" };
        var rows = new Option<string?>("--rows") { Description = "The rows of an evaluation of OpenAI's Evals API, when its file does not hold them.", HelpName = "FILE" };
        var scorer = new Option<string?>("--scorer") { Description = "How a data set without graders is graded: Inspect's match(location=end), includes, exact, f1, pattern(…), answer(line), choice, math, model_graded_qa, model_graded_fact; for samples of openai/evals match, includes, fuzzy_match, json_match.", HelpName = "SCORER" };
        var fields = new Option<string?>("--fields") { Description = "Which column of a data set holds what, where names differ: input=question,target=answer.", HelpName = "LIST" };
        var strict = new Option<bool>("--strict") { Description = "Write nothing and exit 2 when anything would be lost." };
        var force = new Option<bool>("--force") { Description = "Write over files that are there." };
        var json = CommonOptions.Json();
        format.AcceptOnlyFromAmong([.. SuiteImport.Formats]);
        var command = new Command("import", "Make a suite of another tool's evaluation, and name everything that it does not carry over.") { file, format, output, name, prompt, rows, scorer, fields, strict, force, json };
        command.SetAction(parsed =>
        {
            var source = parsed.GetValue(file)!;
            var target = parsed.GetValue(output) ?? Path.Combine(Path.GetDirectoryName(source) ?? "", Path.GetFileNameWithoutExtension(source) + SuiteReader.Extension);
            if (!target.EndsWith(SuiteReader.Extension, StringComparison.Ordinal))
            {
                throw new CliException($"--out names a file that ends in {SuiteReader.Extension}.");
            }

            var options = new ImportOptions(Path.GetDirectoryName(Path.GetFullPath(target))!, parsed.GetValue(name), parsed.GetValue(prompt), parsed.GetValue(rows), parsed.GetValue(scorer), Fields(parsed.GetValue(fields)));
            try
            {
                return Run(context, source, target, parsed.GetValue(format), options, parsed.GetValue(strict), parsed.GetValue(force), parsed.GetValue(json));
            }
            catch (ImportException failure)
            {
                throw new CliException($"{failure.Message}{(failure.Message.EndsWith('.') ? "" : ".")}");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"{target} cannot be written: {failure.Message}", ExitCodes.Infrastructure);
            }
        });
        return command;
    }

    private static int Run(CliContext context, string source, string target, string? format, ImportOptions options, bool strict, bool force, bool json)
    {
        var imported = SuiteImport.Read(source, format, options);
        var lost = imported.Notes.Count(static note => note.Kind == ImportLoss.Lost);
        if (strict && lost > 0)
        {
            Report(context, imported, null, null, json);
            return ExitCodes.Usage;
        }

        var files = ImportedFiles.Of(imported.Suite, target, Path.GetFileName(source));
        if (!force && files.FirstOrDefault(static file => File.Exists(file.Name)).Name is { } there)
        {
            throw new CliException($"{there} is there already; give --force to write over it, or --out with another name.");
        }

        Directory.CreateDirectory(options.Output);
        foreach (var (name, text) in files)
        {
            File.WriteAllText(name, text);
        }

        var (suite, problems) = SuiteReader.Read(target);
        foreach (var problem in problems)
        {
            context.Error.WriteLine(problem.ToString());
        }

        Report(context, imported, target, suite, json);
        return suite is null ? ExitCodes.Usage : ExitCodes.Fine;
    }

    private static void Report(CliContext context, ImportedSuite imported, string? target, Suite? suite, bool json)
    {
        var lost = imported.Notes.Count(static note => note.Kind == ImportLoss.Lost);
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.Text("suite", target);
                writer.WriteBoolean("valid", suite is not null);
                writer.WriteNumber("cases", suite?.Cases.Count ?? 0);
                writer.WriteNumber("expectations", suite?.Cases.Sum(static asked => asked.Expectations.Count) ?? 0);
                writer.Texts("models", imported.Models);
                writer.WriteStartArray("notes");
                foreach (var note in imported.Notes)
                {
                    writer.WriteStartObject();
                    writer.WriteString("kind", note.Kind == ImportLoss.Lost ? "lost" : "changed");
                    writer.WriteString("file", note.File);
                    if (note.Line > 0)
                    {
                        writer.WriteNumber("line", note.Line);
                    }

                    writer.WriteString("path", note.Path);
                    writer.WriteString("reason", note.What);
                    writer.WriteString("remedy", note.Remedy);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return;
        }

        foreach (var note in imported.Notes)
        {
            context.Output.WriteLine(note.ToString());
        }

        if (suite is null)
        {
            context.Output.WriteLine(target is null ? $"Nothing was written: {lost} things would be lost." : $"{target} was written, and cannot be used yet: correct what is named above.");
            return;
        }

        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: {suite.Cases.Count} cases, {suite.Cases.Sum(static asked => asked.Expectations.Count)} expectations; {lost} things lost, {imported.Notes.Count - lost} changed."));
        if (imported.Models.Count > 0)
        {
            context.Output.WriteLine($"Run it: sommelier eval run {target} --models {string.Join(",", imported.Models)}");
        }
    }

    private static Dictionary<string, string>? Fields(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            if (part.Split('=') is not [var key, var column] || key.Trim() is not ("input" or "target" or "choices" or "id" or "metadata"))
            {
                throw new CliException($"--fields does not take '{part}'; write input=question,target=answer, of input, target, choices, id and metadata.");
            }

            fields[key.Trim()] = column.Trim();
        }

        return fields;
    }
}
