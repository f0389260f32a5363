using System.Text.Json.Nodes;
using Sommelier.Configuration;

namespace Sommelier.Evals.Suites;

/// <summary>An image, a sound or a PDF of a case, as a part of OpenAI's chat format.</summary>
internal static class Attachment
{
    private const long MaxBytes = 20_000_000;

    /// <summary>The part; null when it cannot be made, which <paramref name="problems"/> was told.</summary>
    /// <param name="source">A file beside the suite, or an http address.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="path">The key.</param>
    /// <param name="problems">Takes mistakes.</param>
    public static JsonObject? Read(string source, ConfigPosition position, string path, SuiteProblems problems)
    {
        if (source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return Image(source);
        }

        try
        {
            var file = new FileInfo(Path.Combine(problems.Folder, source));
            if (file.Exists && file.Length > MaxBytes)
            {
                problems.Add(position, path, $"{source} is larger than {MaxBytes:N0} bytes", "Give an address, or a smaller file");
                return null;
            }

            var data = Convert.ToBase64String(File.ReadAllBytes(file.FullName));
            switch (file.Extension.ToLowerInvariant())
            {
                case ".png":
                    return Image($"data:image/png;base64,{data}");
                case ".jpg" or ".jpeg":
                    return Image($"data:image/jpeg;base64,{data}");
                case ".gif":
                    return Image($"data:image/gif;base64,{data}");
                case ".webp":
                    return Image($"data:image/webp;base64,{data}");
                case ".pdf":
                    return new() { ["type"] = "file", ["file"] = new JsonObject { ["filename"] = file.Name, ["file_data"] = $"data:application/pdf;base64,{data}" } };
                case ".wav" or ".mp3":
                    return new() { ["type"] = "input_audio", ["input_audio"] = new JsonObject { ["data"] = data, ["format"] = file.Extension[1..].ToLowerInvariant() } };
                default:
                    problems.Add(position, path, $"{source} is of no kind that can be attached", "There are: png, jpg, gif, webp, pdf, wav, mp3");
                    return null;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(position, path, $"the file {source} {(failure is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read")}", "Files are looked for beside the suite; mend its path or rights");
            return null;
        }
    }

    private static JsonObject Image(string address) => new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = address } };
}
