namespace Sommelier.Evals.Instructions;

/// <summary>A kind of instruction that a program can check, as IFEval (Zhou et al., 2023) defines it. One line of <see cref="InstructionRegistry"/>.</summary>
/// <param name="Id">Its id there, e.g. <c>punctuation:no_comma</c>.</param>
/// <param name="Create">Makes the check of an answer's text from the instruction's arguments.</param>
internal sealed record InstructionKind(string Id, Func<InstructionArguments, Func<string, bool>> Create);
