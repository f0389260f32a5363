using Sommelier.CatalogBuilder;

// Turns the shared catalog and leaderboard data into the files that ship inside the engine. The same input gives the
// same bytes; tests/Sommelier.Tests/Catalog checks that the committed files are what this writes.
if (args.Length == 0 || args[0] is "--help" or "-h")
{
    Console.WriteLine("usage: dotnet run --project tools/Sommelier.CatalogBuilder -- <shared/data folder> [--out src/Sommelier/Catalog/Data]");
    return args.Length == 0 ? 2 : 0;
}

var output = "src/Sommelier/Catalog/Data";
for (var i = 1; i < args.Length; i++)
{
    if (args[i] == "--out" && i + 1 < args.Length)
    {
        output = args[++i];
    }
    else
    {
        Console.Error.WriteLine($"unknown argument '{args[i]}'; see --help");
        return 2;
    }
}

if (!File.Exists(Path.Combine(args[0], "catalog", "catalog.json.gz")))
{
    Console.Error.WriteLine($"'{args[0]}' holds no catalog/catalog.json.gz; give the data folder.");
    return 2;
}

var build = CatalogBuild.Run(args[0], Console.Out);
Directory.CreateDirectory(output);
foreach (var stale in Directory.GetFiles(output, "*.json").Where(f => !build.ContainsKey(Path.GetFileName(f))))
{
    File.Delete(stale);
}

foreach (var (name, bytes) in build)
{
    File.WriteAllBytes(Path.Combine(output, name), bytes);
}

Console.WriteLine($"{build.Count} files, {build.Values.Sum(b => (long)b.Length) / 1024} KiB -> {output}");
return 0;
