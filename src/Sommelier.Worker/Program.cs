using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Worker;

// One JSON object a line comes in, one goes out; the end of the input is the end of the process.
using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };

// Whatever a script or the engine prints must not stand between the answers.
Console.SetOut(TextWriter.Null);
while (await input.ReadLineAsync() is { } line)
{
    JsonObject answer;
    try
    {
        answer = ScriptRun.Of(JsonNode.Parse(line)!.AsObject());
    }
    catch (OutOfMemoryException)
    {
        answer = new JsonObject { ["limit"] = "memory" };
    }

    await output.WriteLineAsync(answer.ToJsonString());
}
