package dev.perennial.clip.checkpoint;

/** What kind of file or folder a checkpoint came from. */
public enum CheckpointFormat {
    /** One of OpenAI's TorchScript archives, which are always QuickGELU. */
    OPENAI_TORCHSCRIPT,
    /** Another TorchScript archive. */
    TORCHSCRIPT,
    /** A file of {@code torch.save}: a state dict or a training checkpoint. */
    PYTORCH_STATE_DICT,
    /** A safetensors file without a configuration. */
    SAFETENSORS,
    /** A Hugging Face folder with {@code config.json}. */
    HUGGING_FACE_FOLDER,
    /** A folder with {@code open_clip_config.json}. */
    OPEN_CLIP_FOLDER
}
