namespace Sommelier.Training;

/// <summary>The command line: <c>DATA [--out FILE] [--evaluate] [--baselines] [--set Name=value]…</c></summary>
internal sealed record Arguments(string DataPath, string? OutPath, bool Evaluate, bool Baselines, Settings Settings)
{
    public const string Usage =
        """
        Trains the intent classifier.

          dotnet run -c Release --project tools/Sommelier.Training -- DATA [--out FILE] [--evaluate] [--baselines] [--set Name=value]

          DATA         rows as gzipped JSON lines: text, label, language, source, natural, group, id, lic
          --out FILE   write the weights there, and what was measured beside it as FILE with .json; implies --evaluate
          --evaluate   also judge sources never trained, the prompts set aside, every source and language
          --baselines  also judge the plain baseline, public rows only, and the first prompts only; implies --evaluate
          --set        change a setting for an experiment; names in tools/Sommelier.Training/Settings.cs
        """;

    public static Arguments Parse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
        {
            throw new ArgumentException("Name the data file first.");
        }

        var result = new Arguments(args[0], null, Evaluate: false, Baselines: false, new Settings());
        for (var i = 1; i < args.Length; i++)
        {
            result = args[i] switch
            {
                "--evaluate" => result with { Evaluate = true },
                "--baselines" => result with { Baselines = true, Evaluate = true },
                "--out" when i + 1 < args.Length => result with { OutPath = args[++i], Evaluate = true },
                "--set" when i + 1 < args.Length => result with { Settings = result.Settings.With(args[++i]) },
                var other => throw new ArgumentException($"'{other}' is not understood or lacks its value."),
            };
        }

        return File.Exists(result.DataPath) ? result : throw new ArgumentException($"There is no file '{result.DataPath}'.");
    }
}
