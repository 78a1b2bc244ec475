using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Serve;

/// <summary>The state in force together with its prepared answers, for the life of one request. Thread-safe.</summary>
internal sealed class AnswerCache(TableHolder holder, DecisionTally tally)
{
    private TableAnswers? _answers;

    /// <summary>Captures the state once.</summary>
    /// <exception cref="Grpc.Core.RpcException">UNAVAILABLE: there is no table yet.</exception>
    public (ServingState State, TableAnswers Answers) Capture()
    {
        ServingState state = holder.Current ?? throw Refusal.NoTable();
        TableAnswers? answers = Volatile.Read(ref _answers);
        if (answers is null || !ReferenceEquals(answers.Table, state.Table))
        {
            // Requests that still hold the table before make their own and may put it here last: the next request mends that.
            answers = new TableAnswers(state.Table, tally);
            Volatile.Write(ref _answers, answers);
        }
        return (state, answers);
    }
}
