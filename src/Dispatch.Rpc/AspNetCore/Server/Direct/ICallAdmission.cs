namespace Grpc.AspNetCore.Server;

/// <summary>
/// Says whether the calls of a connection may be made, before anything of them is read; set among the features of a connection. The direct way asks
/// it for each call that it would answer: middleware, which sees all others, must ask for those.
/// </summary>
public interface ICallAdmission
{
    /// <summary>Judges the next call; on the hot path, so it must not allocate or wait. Thread-safe.</summary>
    /// <returns>Null where the call may be made.</returns>
    CallRefusal? Judge();
}
