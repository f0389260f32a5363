using System.Globalization;
using Sommelier.Configuration;
using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>config check</c> for suites.</summary>
internal static class SuiteCheck
{
    /// <summary>Names every mistake of every suite.</summary>
    public static int Run(CliContext context, IReadOnlyList<string> files, bool json)
    {
        var checks = files.Select(static file => (File: file, Read: Read(file))).ToList();
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.WriteStartArray("suites");
                foreach (var (file, (suite, problems)) in checks)
                {
                    writer.WriteStartObject();
                    writer.WriteString("file", file);
                    writer.WriteBoolean("valid", suite is not null);
                    writer.Text("hash", suite?.Hash);
                    writer.WriteStartArray("problems");
                    foreach (var problem in problems)
                    {
                        ConfigCommand.Write(writer, problem);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
        }
        else
        {
            foreach (var (file, (suite, problems)) in checks)
            {
                foreach (var problem in problems)
                {
                    context.Error.WriteLine(problem.ToString());
                }

                if (suite is not null)
                {
                    context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} is valid: {suite.Id}, {suite.Cases.Count} cases, {suite.Cases.Sum(static asked => asked.Expectations.Count)} expectations, {suite.Cases.Count(static asked => asked.IntentGuessed)} intents guessed, hash {suite.Hash}."));
                }
            }
        }

        return checks.TrueForAll(static check => check.Read.Suite is not null) ? ExitCodes.Fine : ExitCodes.Usage;
    }

    /// <summary>A suite with all that is wrong with it, reference answers included.</summary>
    public static (Suite? Suite, IReadOnlyList<ConfigProblem> Problems) Read(string file)
    {
        var (suite, problems) = SuiteReader.Read(file);
        return (suite, suite is null ? problems : [.. problems, .. ReferenceCheck.Problems(suite)]);
    }
}
