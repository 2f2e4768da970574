/** A refusal in Atlas' own form: a status with an error code and a message in JSON. */
export class AtlasError extends Error {
  readonly status: number;
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.name = 'AtlasError';
    this.status = status;
    this.errorCode = errorCode;
  }
}

export const unknownGuid = (guid: string): AtlasError =>
  new AtlasError(404, 'ATLAS-404-00-005', `Given instance guid ${guid} is invalid/not found`);

export const unknownType = (name: string): AtlasError =>
  new AtlasError(400, 'ATLAS-400-00-00A', `${name}: Unknown/invalid typename`);

export const unknownAttribute = (name: string, typeName: string): AtlasError =>
  new AtlasError(400, 'ATLAS-400-00-023', `Attribute ${name} not found for type ${typeName}`);

export const badRequest = (message: string): AtlasError => new AtlasError(400, 'ATLAS-400-00-029', message);
