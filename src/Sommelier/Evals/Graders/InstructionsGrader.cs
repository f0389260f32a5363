using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Instructions;

namespace Sommelier.Evals.Graders;

/// <summary>The answer follows every one of some instructions that a program can check: IFEval's.</summary>
internal sealed class InstructionsGrader(IReadOnlyList<Instruction> instructions, bool loose) : IComputedGrader
{
    /// <summary><c>instructions</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "instructions",
        "a list of `{ id, … }`, or of ids with `kwargs` beside it",
        "The answer follows every instruction; the score is the share that it follows. `mode: loose` also accepts it without asterisks, its first or its last line.",
        Create)
    {
        Example = "{ type: instructions, value: [{ id: 'length_constraints:number_words', relation: at least, num_words: 300 }, { id: 'punctuation:no_comma' }] }",
    };

    /// <inheritdoc/>
    public Grade Judge(GradedAnswer answer)
    {
        var texts = loose ? LooseTexts.Of(answer.Text) : [answer.Text];
        var broken = instructions.Where(instruction => !texts.Any(text => !text.AsSpan().Trim().IsEmpty && instruction.IsFollowed(text))).Select(static instruction => instruction.Id).ToList();
        var share = instructions.Count == 0 ? 1 : (double)(instructions.Count - broken.Count) / instructions.Count;
        return broken.Count == 0 ? Grade.Pass : new Grade(GradeState.Failed, share, $"not followed: {string.Join(", ", broken)}");
    }

    private static InstructionsGrader Create(GraderSettings settings)
    {
        var instructions = new List<Instruction>();
        var arguments = settings.Json("kwargs") as JsonArray;
        if (settings.Json("value") is JsonArray { Count: > 0 } list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                var at = $"value[{i}]";
                var values = list[i] as JsonObject ?? (arguments is not null && i < arguments.Count ? arguments[i] as JsonObject : null) ?? [];
                var id = list[i] is JsonValue word && word.GetValueKind() == JsonValueKind.String ? word.GetValue<string>() : values["id"]?.ToString();
                if (InstructionRegistry.Find(id) is { } kind)
                {
                    instructions.Add(Make(kind, values, (name, what, remedy) => settings.Problem($"{at}.{name}", what, remedy)));
                }
                else
                {
                    settings.Problem(at, id is null ? "has no id" : $"is '{id}', which is no instruction", "Write an id of IFEval's, e.g. punctuation:no_comma");
                }
            }
        }
        else
        {
            settings.Problem("value", "is not a list of instructions", "Write [{ id: 'punctuation:no_comma' }]");
        }

        return new(instructions, settings.Word("mode", "strict", "loose") is "loose");
    }

    private static Instruction Make(InstructionKind kind, JsonObject values, Action<string, string, string> problem)
    {
        var arguments = new InstructionArguments(values, problem);
        var check = kind.Create(arguments);
        foreach (var name in arguments.Unread.Where(static name => name is not "id"))
        {
            problem(name, $"is no argument of {kind.Id}", "Take it out");
        }

        return new(kind.Id, check);
    }
}
