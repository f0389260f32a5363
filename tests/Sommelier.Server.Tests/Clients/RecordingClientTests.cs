using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sommelier.Canonical;
using Sommelier.Providers;
using Sommelier.TestKit.Recordings;
using Sommelier.Wire;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Every recorded reply, served behind a real gateway, says in every dialect to that vendor's official client what it says.</summary>
public sealed partial class RecordingClientTests
{
    private static readonly string[] Dialects = ["openai-chat", "openai-responses", "anthropic-messages", "gemini", "bedrock-converse", "ollama"];


    [Fact]
    public async Task Every_recording_is_accepted_by_every_dialects_official_client()
    {
        Node.Need("openai");
        RecordedFile[] files = [.. RecordedFile.Names.Where(name => RecordedFile.OtherThan(name) is null).SelectMany(RecordedFile.Read)];
        await using var vendor = new FaultServer(0, (request, _) => Reply(files[int.Parse(CaseName().Match(request.Path + request.Body).Groups[1].Value, CultureInfo.InvariantCulture)]));
        await using var gateway = await RunningGateway.StartAsync(Configuration(files, vendor.Address));

        var cases = files.SelectMany((file, number) => Dialects.Select(dialect => new RecordedCase(file, dialect, $"{ProviderOf(file)}/{ModelOf(number, dialect)}"))).ToArray();
        var told = await TellAsync(gateway.Url, cases);

        var wrong = cases.Select(one => told.TryGetValue(one.Model, out var line) ? one.Wrong(line) : $"{one}: nothing was printed").OfType<string>().ToArray();
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {cases.Length}:\n{string.Join('\n', wrong)}");
        Assert.InRange(files.Length, 80, 10_000);
    }

    [GeneratedRegex(@"recording-(\d+)-[a-z-]+")]
    private static partial Regex CaseName();

    private static string ModelOf(int number, string dialect) => $"recording-{number}-{dialect}";

    // The vendor itself where it is known and speaks nothing else, else whoever speaks that format alone.
    private static string ProviderOf(RecordedFile file) => ProviderRegistry.Find(file.Name.Split('/')[0]) is { } vendor && ChatFormats(vendor) is [var only] && only == file.Format ? vendor.Name : file.Format switch
    {
        "openai-chat" => "openai-compatible",
        "openai-responses" => "meta",
        "anthropic-messages" => "anthropic",
        "bedrock-converse" => "bedrock",
        var format => format,
    };

    private static string[] ChatFormats(Provider provider) => [.. provider.Endpoints.Select(endpoint => endpoint.Format).Where(format => WireFormats.Get(format).Operation == Operation.Chat)];

    private static string Configuration(RecordedFile[] files, Uri vendor)
    {
        var yaml = new StringBuilder("discover: false\nresilience: { max_attempts: 1, max_attempts_per_deployment: 1 }\nproviders:\n");
        foreach (var provider in files.Select((file, number) => (Name: ProviderOf(file), Number: number)).GroupBy(file => file.Name))
        {
            yaml.AppendLine(CultureInfo.InvariantCulture, $"  {provider.Key}: {{ api_key: k, base_url: \"{vendor}\", models: [");
            foreach (var model in provider.SelectMany(file => Dialects.Select(dialect => ModelOf(file.Number, dialect))))
            {
                yaml.AppendLine(CultureInfo.InvariantCulture, $"    {{ id: {model}, capabilities: [tools, parallel_tools, streaming, reasoning, temperature] }},");
            }

            yaml.AppendLine("  ] }");
        }

        return yaml.ToString();
    }

    private static FaultReply Reply(RecordedFile file) => file.ErrorStatus is { } status ? FaultReply.Error(status, file.Events[0].GetRawText()) : new()
    {
        ContentType = !file.Streamed ? "application/json" : file.Format == "bedrock-converse" ? "application/vnd.amazon.eventstream" : "text/event-stream",
        Framing = file.Streamed ? BodyFraming.Chunked : BodyFraming.ContentLength,
        Binary = true,
        Pieces = [Encoding.Latin1.GetString(file.Bytes())],
    };

    private static async Task<Dictionary<string, JsonElement>> TellAsync(string gateway, RecordedCase[] cases)
    {
        using var process = Node.Start("recordings.mjs", gateway);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, cases.Select(one => one.Asked));
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToDictionary(line => line.GetProperty("model").GetString()!, StringComparer.Ordinal);
    }
}
