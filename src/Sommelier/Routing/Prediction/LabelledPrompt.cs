namespace Sommelier.Routing.Prediction;

/// <summary>A prompt of which it is known how well each model answered it: what a predictor learns from.</summary>
/// <param name="Features">What its text says; <see cref="PromptFeatures.None"/> where there is no text.</param>
/// <param name="Task">What kind of task it is, from coarse to fine, e.g. <c>mmlu</c>, <c>college_physics</c>; may be empty.</param>
/// <param name="Scores">One score per model, 0 to 1, in the models' order; NaN where nobody knows.</param>
/// <param name="Question">The same for every copy of a question, so that copies are never learnt from and judged on at once.</param>
internal sealed record LabelledPrompt(PromptFeatures Features, IReadOnlyList<string> Task, double[] Scores, ulong Question);
